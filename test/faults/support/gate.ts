// A gate in a test's own database: a statement that reaches it waits for an advisory lock which the test holds. So a
// process can be killed exactly between two of its commits, without a hook in `src`.
import pg from 'pg';

/** First key of the advisory lock; nothing of Sendoff uses it. */
const GATE_CLASS = 777;
const LOOK_AGAIN_MS = 5;

export interface Waiting {
  /** Of the database's backend, not of the app. */
  readonly backend: number;
  /** The process behind it: its PGAPPNAME. */
  readonly app: string;
}

export interface Gate {
  /** Resolves once `count` statements stand at the gate, or behind one that does. */
  awaitWaiting(count?: number, timeoutMs?: number): Promise<readonly Waiting[]>;
  /** Lets everything pass, from now on. A statement whose process was killed meanwhile still commits. */
  open(): Promise<void>;
  /** The statements of this process end without a commit, as when the machine went with it. */
  terminate(app: string): Promise<void>;
}

export interface GateAt {
  readonly table: 'vendor_write' | 'audit_event';
  readonly when: 'INSERT' | 'UPDATE';
  /** SQL over OLD and NEW, and `stepOf(NEW.step_run_id)`. */
  readonly condition: string;
  /** Only statements that say this are waited for: others, a reporter's, queue behind the same rows. */
  readonly saying?: string;
}

/** Closed from the start. `client` keeps the lock: it must be a connection of its own. */
export async function buildGate(client: pg.Client, at: GateAt): Promise<Gate> {
  await client.query(`
    CREATE FUNCTION stepOf(p_step_run uuid) RETURNS text LANGUAGE sql AS $$ SELECT step FROM step_run WHERE id = p_step_run $$;
    CREATE FUNCTION test_gate() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF ${at.condition} THEN PERFORM pg_advisory_xact_lock_shared(${GATE_CLASS}, 1); END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER a_test_gate BEFORE ${at.when} ON ${at.table} FOR EACH ROW EXECUTE FUNCTION test_gate();`);
  await client.query('SELECT pg_advisory_lock($1, 1)', [GATE_CLASS]);
  return {
    async awaitWaiting(count = 1, timeoutMs = 15_000) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const waiting = await atTheGate(client, at.saying);
        if (waiting.length >= count) return waiting;
        if (Date.now() > deadline) throw new Error(`${waiting.length} of ${count} statements came to the gate`);
        await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS));
      }
    },
    open: async () => void (await client.query('SELECT pg_advisory_unlock($1, 1)', [GATE_CLASS])),
    async terminate(app) {
      const waiting = (await atTheGate(client)).filter((one) => one.app === app);
      for (const { backend } of waiting) await client.query('SELECT pg_terminate_backend($1, 2000)', [backend]);
    },
  };
}

/** At the gate, or behind a row that a statement at the gate has locked. */
async function atTheGate(client: pg.Client, saying = ''): Promise<readonly Waiting[]> {
  const { rows } = await client.query<Waiting>(
    `SELECT a.pid AS backend, a.application_name AS app FROM pg_stat_activity a
     WHERE a.datname = current_database() AND a.wait_event_type = 'Lock' AND strpos(a.query, $2) > 0
       AND EXISTS (SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.classid = $1 AND NOT l.granted
         AND (l.pid = a.pid OR l.pid = ANY (pg_blocking_pids(a.pid))))`,
    [GATE_CLASS, saying],
  );
  return rows;
}

interface Write {
  readonly step: string;
  readonly effect: string;
  /** Absent: whatever it is about. */
  readonly target?: string;
}

/** The first INSERT of this effect's intent. */
export function beforeIntent(write: Write): GateAt {
  return { table: 'vendor_write', when: 'INSERT', condition: sameWrite(write) };
}

/** The first commit that says how this write ended: with the next intent, or with the record. */
export function beforeOutcome(write: Write): GateAt {
  return {
    table: 'vendor_write',
    when: 'UPDATE',
    condition: `OLD.outcome IS NULL AND NEW.outcome IS NOT NULL AND ${sameWrite(write)}`,
  };
}

/** Commits that record one of these steps as satisfied, at their very end. */
export function beforeCommitOf(steps: readonly string[]): GateAt {
  const names = steps.map((step) => pg.escapeLiteral(step)).join(', ');
  return {
    table: 'audit_event',
    when: 'INSERT',
    condition: `NEW.action = 'step.satisfy' AND NEW.detail->>'step' IN (${names})`,
    saying: 'record_attempt',
  };
}

function sameWrite({ step, effect, target }: Write): string {
  const { escapeLiteral: quoted } = pg;
  const about = target === undefined ? '' : ` AND NEW.target = ${quoted(target)}`;
  return `NEW.effect = ${quoted(effect)}${about} AND stepOf(NEW.step_run_id) = ${quoted(step)}`;
}
