// What runs by the calendar. Steps, reminders and due moments are not here: the runner's own sweep wakes those.
import cron from 'node-cron';
import type { AuditStore } from '../store/audit.ts';
import type { InboundStore } from '../store/inbound.ts';
import type { Clock } from '../workflow/model/ports.ts';
import type { Polls } from '../workflow/polls.ts';

const KEEP_DELIVERIES_MS = 7 * 24 * 60 * 60_000;

/**
 * Upkeep is idempotent by itself, so that several processes may each run it; the preflight has a slot a day. It is tried each
 * hour of the day, so that a process that was down in the morning does it later. Of the polls one process takes each turn. Answers how to stop.
 */
export function startSchedule(deps: {
  inbound: InboundStore;
  audit: AuditStore;
  preflight(): Promise<void>;
  sweep(): Promise<void>;
  polls: Polls;
  clock: Clock;
  log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
}): () => void {
  const nightly = cron.schedule(
    '17 3 * * *',
    async () => {
      try {
        const forgotten = await deps.inbound.prune(new Date(deps.clock.now().getTime() - KEEP_DELIVERIES_MS));
        const broken = (await deps.audit.verify()).filter((chain) => chain.firstBad !== null);
        for (const chain of broken)
          deps.log.error({ chain: chain.chain, row: chain.firstBad }, 'the audit chain does not hold');
        deps.log.info({ forgotten, brokenChains: broken.length }, 'nightly upkeep is done');
      } catch (error) {
        deps.log.error({ err: error }, 'nightly upkeep failed; it runs again tomorrow');
      }
    },
    { noOverlap: true, name: 'nightly-upkeep' },
  );
  const daily = cron.schedule(
    '7 6-23 * * *',
    async () => {
      try {
        await deps.preflight();
      } catch (error) {
        deps.log.error({ err: error }, 'the preflight could not be started; it is tried again in an hour');
      }
    },
    { noOverlap: true, name: 'preflight' },
  );
  const sweep = cron.schedule(
    '27 * * * *',
    async () => {
      try {
        await deps.sweep();
      } catch (error) {
        deps.log.error({ err: error }, 'the nightly sweep could not be started; it is tried again in an hour');
      }
    },
    { noOverlap: true, name: 'nightly-sweep' },
  );
  const poll =
    (vendor: keyof Polls): (() => Promise<void>) =>
    async () => {
      try {
        await deps.polls[vendor]();
      } catch (error) {
        deps.log.warn({ err: error, vendor }, 'a poll failed; it is tried again at the next turn');
      }
    };
  const ofBambooHr = cron.schedule('*/5 * * * *', poll('bamboohr'), { noOverlap: true, name: 'poll-bamboohr' });
  const ofOkta = cron.schedule('*/2 * * * *', poll('okta'), { noOverlap: true, name: 'poll-okta' });
  return () => {
    void ofBambooHr.destroy();
    void ofOkta.destroy();
    void sweep.destroy();
    void nightly.destroy();
    void daily.destroy();
  };
}
