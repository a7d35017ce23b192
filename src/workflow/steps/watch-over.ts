// The watch over the steps of a catalogue: how it looks at their doors, and whom it asks about the person.
import type { Okta } from '../../connectors/okta/client.ts';
import { readContext } from '../attempt-state.ts';
import type { HrisReads } from '../hris.ts';
import type { Secrets } from '../model/secret.ts';
import type { Step } from '../model/step.ts';
import type { Employment } from '../model/watch.ts';
import { openWriteBook } from '../write-book.ts';
import { readPinnedUser } from './okta-person.ts';
import { type WatchDeps, watch } from './watch.ts';

export type WatchParts = Pick<WatchDeps, 'doorsOf'> & {
  readonly okta: Okta;
  /** Null: no BambooHR is set up. */
  readonly bamboohr: HrisReads | null;
  readonly secrets: Secrets;
};

export function watchOver({ doorsOf, okta, bamboohr, secrets }: WatchParts, steps: readonly Step[]): Step {
  return watch({
    doorsOf,
    async look(door, { now, signal }) {
      const step = steps.find((one) => one.name === door.step);
      if (!step) return { is: 'unknown', facts: {}, why: 'this version has no such step' };
      const clock = { now: () => now };
      return step.observe(readContext({ claimed: door, book: openWriteBook(door), deps: { clock, signal, secrets } }));
    },
    async activeSince(context) {
      const user = await readPinnedUser(okta, context);
      return user === null || user.status === 'DEPROVISIONED' ? null : (user.statusChanged ?? null);
    },
    async employment({ run }): Promise<Employment> {
      const { bamboohr: record, okta: id } = run.ids;
      if (bamboohr === null || typeof id !== 'string') return 'not_known';
      const known = typeof record === 'string' ? await bamboohr.getEmployee(record) : null;
      if (known?.status === 'Active') return 'active';
      // Whoever is hired again may have a record of their own.
      const address = known?.workEmail ?? (await okta.getUser(id))?.profile.email;
      const found = address ? await bamboohr.findEmployeesByEmail(address) : [];
      if (found.some(({ status }) => status === 'Active')) return 'active';
      return known?.status === 'Inactive' || found.length > 0 ? 'inactive' : 'not_known';
    },
  });
}
