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
  return {
    /** Null: no secret, no events. */
    door:
      secret === null
        ? null
        : createEasyPostDoor({ ...common, secret, onEnd: (end) => metrics.onWebhook('easypost', end) }),
    /** For the intake: what was taken before a restart is handled after it, with or without a secret. */
    handlers: { [PARCEL_NEWS]: (delivery: Inbound) => handleParcelNews(delivery, onParcelNews) },
  };
}
