// Google in the kill matrix: a few writes of a handover at each point, played to the end of their sixty days and judged by the
// independent checker; and whether that bites where a defence is taken out.
import { describe, it } from 'vitest';
import { discoverAlone } from '../discover.ts';
import { type GoogleCase, type GooglePoint, type GoogleWrite, runGoogleCase } from '../support/google-case.ts';
import { type Patch, patchedCopy } from '../support/patched-copy.ts';
import { patiently } from '../support/patience.ts';

const LEAVER = 'dana@acme.test';
const { operations } = await discoverAlone(LEAVER, { isDrawn: false });

const PATCH = 'google.directory.users.patch';
const DELEGATES = 'google.gmail.users.settings.delegates';
const WRITES = {
  password: { step: 'google.contain', effect: 'google.set_password', operation: PATCH, says: '"password"' },
  delegate: { step: 'google.mailbox', effect: 'google.add_delegate', operation: `${DELEGATES}.create` },
  transfer: {
    step: 'google.drive',
    effect: 'google.transfer_drive',
    operation: 'google.datatransfer.transfers.insert',
    // Data Transfer's id of Drive.
    says: '55656082996',
  },
  end: {
    step: 'google.mailbox_end',
    effect: 'google.remove_delegate',
    operation: `${DELEGATES}.delete`,
    isAtEnd: true,
  },
  suspend: {
    step: 'google.close',
    effect: 'google.suspend',
    operation: PATCH,
    says: '"suspended"',
    isAtEnd: true,
  },
} as const satisfies Record<string, GoogleWrite>;
const POINTS: readonly GooglePoint[] = [
  'before the intent is committed',
  'intent committed, nothing sent',
  'applied, answer not read',
  'answered, outcome not recorded',
];
/** A second one may grant or transfer beside the first. */
const BY_TWO: readonly GoogleWrite[] = [WRITES.delegate, WRITES.transfer];

const cases: readonly GoogleCase[] = Object.values(WRITES).flatMap((write: GoogleWrite) =>
  POINTS.flatMap((point) =>
    ([1, 2] as const)
      .filter((workers) => workers === 1 || BY_TWO.includes(write))
      .map((workers) => ({ email: LEAVER, write, point, workers })),
  ),
);
const nameOf = ({ write, point, workers }: GoogleCase): string =>
  `${write.effect} · ${point} · ${workers === 1 ? 'one worker' : 'two workers'}`;

/**
 * The end's row is made when the grant's answer is recorded, as a job that is planned on success would be, instead of being
 * committed with the run, before the grant's intent.
 */
const END_AFTER_THE_ANSWER: Patch = {
  // After the last column that a step's row gets.
  in: { sql: 'one_return_a_device' },
  find: 'CREATE FUNCTION one_return_a_device(',
  replace: `CREATE TABLE late_end (LIKE step_run);
    CREATE FUNCTION test_keep_end() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.step <> 'google.mailbox_end' OR pg_trigger_depth() > 1 THEN RETURN NEW; END IF;
      INSERT INTO late_end VALUES (NEW.*);
      RETURN NULL;
    END $$;
    CREATE TRIGGER a_test_keep_end BEFORE INSERT ON step_run FOR EACH ROW EXECUTE FUNCTION test_keep_end();
    CREATE FUNCTION test_plan_end() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO step_run SELECT l.* FROM late_end l JOIN step_run s ON s.run_id = l.run_id WHERE s.id = NEW.step_run_id;
      RETURN NEW;
    END $$;
    CREATE TRIGGER test_plan_end AFTER UPDATE ON vendor_write FOR EACH ROW
      WHEN (NEW.effect = 'google.add_delegate' AND NEW.outcome = 'accepted' AND OLD.outcome IS NULL) EXECUTE FUNCTION test_plan_end();
    CREATE FUNCTION one_return_a_device(`,
};
/** A transfer counts as there only by the id that its own answer has brought. */
const NO_SEARCH: Patch = {
  in: { file: 'src/workflow/steps/google-transfer.ts' },
  find: 'const listed = await google.transfers.listTransfers(side.from.id);',
  replace: 'const listed: readonly Transfer[] = [];',
};

describe.concurrent('a handover whose process is killed', { timeout: 300_000 }, () => {
  it.for(cases.map((one) => [nameOf(one), one] as const))('%s', async ([, one], test) => {
    const { unjust, violations } = await patiently(() => runGoogleCase(one, operations));

    test.expect({ unjust, violations }).toEqual({ unjust: [], violations: [] });
  });
});

// The same cases stand above with the defence in place.
describe.concurrent('the judgement turns red', { timeout: 300_000, retry: 1 }, () => {
  it.for([
    ['where the end is saved with the grant’s answer', END_AFTER_THE_ANSWER, WRITES.delegate, 'mailbox_taken_back'],
    ['where a transfer is not searched for', NO_SEARCH, WRITES.transfer, 'transferred_once'],
  ] as const)('%s', async ([, patch, write, check], test) => {
    const copy = patchedCopy([patch]);
    try {
      const one = { email: LEAVER, write, point: 'applied, answer not read', workers: 1, root: copy.root } as const;
      const { unjust } = await runGoogleCase(one, operations);

      test.expect(unjust.map((found) => found.split(':')[0])).toContain(check);
    } finally {
      copy.remove();
    }
  });
});
