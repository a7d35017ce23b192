// EasyPost's events in this app: the door that takes them, and who is told afterwards that a parcel may have news.
import type { Inbound, InboundStore } from '../store/inbound.ts';
import {
  createEasyPostDoor,
  type EasyPostDoorDeps,
  handleParcelNews,
  PARCEL_NEWS,
  type ParcelNews,
} from '../webhooks/easypost.ts';
import type { Config } from './config.ts';
import { EASYPOST_PATH } from './easypost-settings.ts';
import type { Webhook } from './http.ts';
import type { Metrics } from './metrics.ts';

/** `onParcelNews` wakes whoever follows the parcel; it may be called twice, and says whether somebody does. */
export function createParcelEvents(
  deps: Pick<EasyPostDoorDeps, 'clock' | 'begin' | 'log'> & {
    readonly easypost: Config['easypost'];
    readonly inbound: InboundStore;
    readonly metrics: Pick<Metrics, 'onWebhook'>;
    onParcelNews(news: ParcelNews): Promise<'woken' | 'unknown_parcel'>;
  },
) {
  const { easypost, metrics, onParcelNews, ...common } = deps;
  const secret = easypost?.webhookSecret ?? null;
  const webhooks: Record<string, Webhook> = {};
  if (secret !== null)
    webhooks[EASYPOST_PATH] = {
      methods: ['POST'],
      handle: createEasyPostDoor({ ...common, secret, onEnd: (end) => metrics.onWebhook('easypost', end) }),
    };
  return {
    /** By path; none without a secret. */
    webhooks,
    /** For the intake: what was taken before a restart is handled after it, with or without a secret. */
    handlers: { [PARCEL_NEWS]: (delivery: Inbound) => handleParcelNews(delivery, onParcelNews) },
  };
}
