// The doors that no operator stands at: webhooks of BambooHR and Okta, the polls beside them, and who looks at what came in.
import type { Inbound, InboundStore } from '../store/inbound.ts';
import { createBambooHrDoor, HRIS_CHANGED, handleHrisChanged } from '../webhooks/bamboohr.ts';
import { createOktaDoor, handleOktaDeactivated, OKTA_DEACTIVATED } from '../webhooks/okta.ts';
import type { DoorNotice } from '../workflow/begin.ts';
import { createDoorkeeper, type Doorkeeper, type DoorkeeperDeps } from '../workflow/doorkeeper.ts';
import { createPolls, type PollDeps, type Polls } from '../workflow/polls.ts';
import { stepsOfOffboarding } from '../workflow/steps/steps-of-run.ts';
import type { Config } from './config.ts';
import type { Webhook } from './http.ts';
import type { Metrics } from './metrics.ts';

export interface Doors {
  readonly doorkeeper: Doorkeeper;
  readonly polls: Polls;
  /** By path: those that have a secret. */
  readonly webhooks: Readonly<Record<string, Webhook>>;
  /** For the intake, by kind of delivery. */
  readonly handlers: Readonly<Record<string, (inbound: Inbound) => Promise<string>>>;
}

/** The kind of what a door tells the channel. */
const TOLD = 'door_told';

export function createDoors(
  deps: Omit<DoorkeeperDeps, 'tell'> &
    Omit<PollDeps, 'onKnock'> & {
      readonly config: Pick<Config, 'bamboohr' | 'okta'>;
      readonly inbound: InboundStore;
      readonly metrics: Pick<Metrics, 'onWebhook'>;
      begin(inbound: Inbound): void;
      onTold(): void;
    },
): Doors {
  const { config, inbound, clock, knocks, log } = deps;
  const tell = async ({ key, door, ...payload }: DoorNotice): Promise<void> => {
    const delivery = {
      source: door,
      key: `told:${key}`,
      kind: TOLD,
      actor: door,
      payload: { ...payload, door },
    } as const;
    await inbound.receive({ ...delivery, announce: true, handled: true }, clock.now());
    deps.onTold();
  };
  const doorkeeper = createDoorkeeper({ ...deps, steps: stepsOfOffboarding(deps.steps), tell });
  const polls = createPolls({ ...deps, onKnock: () => doorkeeper.wake() });
  const common = { inbound, clock, log, begin: deps.begin };
  const { bamboohr, okta } = config;
  const handler = { knocks, clock, wake: () => doorkeeper.wake() };
  const webhooks: Record<string, Webhook> = {};
  if (bamboohr?.webhookKey) {
    const onEnd = (end: string): void => deps.metrics.onWebhook('bamboohr', end);
    webhooks['/webhooks/bamboohr'] = {
      methods: ['POST'],
      handle: createBambooHrDoor({ ...common, key: bamboohr.webhookKey, onEnd }),
    };
  }
  if (okta.hookSecret) {
    const onEnd = (end: string): void => deps.metrics.onWebhook('okta', end);
    webhooks['/webhooks/okta'] = {
      methods: ['GET', 'POST'],
      handle: createOktaDoor({ ...common, secret: okta.hookSecret, onEnd }),
    };
  }
  return {
    doorkeeper,
    polls,
    webhooks,
    handlers: {
      [HRIS_CHANGED]: (delivery) => handleHrisChanged(delivery, handler),
      [OKTA_DEACTIVATED]: (delivery) => handleOktaDeactivated(delivery, handler),
    },
  };
}
