-- Tables, and the audit log that nobody can edit. Two clocks: columns named seen_at, taken_over_at, claimed_at are the
-- database's now(); every other *_at is business time, handed in by the app's Clock.

CREATE TYPE step_status AS ENUM ('blocked', 'ready', 'running', 'waiting', 'needs_human', 'done', 'skipped', 'cancelled');

-- Generated from src/workflow/model/transitions.ts; a test holds the two together.
CREATE TABLE step_transition (
  status step_status NOT NULL,
  event text NOT NULL,
  becomes step_status NOT NULL,
  PRIMARY KEY (status, event)
);
INSERT INTO step_transition (status, event, becomes) VALUES
  ('blocked', 'unblock', 'ready'), ('blocked', 'attest', 'done'), ('blocked', 'skip', 'skipped'), ('blocked', 'cancel', 'cancelled'),
  ('ready', 'claim', 'running'), ('ready', 'attest', 'done'), ('ready', 'skip', 'skipped'), ('ready', 'cancel', 'cancelled'),
  ('running', 'satisfy', 'done'), ('running', 'pass', 'skipped'), ('running', 'wait', 'waiting'), ('running', 'ask', 'needs_human'),
  ('running', 'lapse', 'ready'), ('running', 'stop', 'cancelled'),
  ('waiting', 'wake', 'ready'), ('waiting', 'ask', 'needs_human'), ('waiting', 'attest', 'done'), ('waiting', 'skip', 'skipped'),
  ('waiting', 'cancel', 'cancelled'),
  ('needs_human', 'resume', 'ready'), ('needs_human', 'attest', 'done'), ('needs_human', 'skip', 'skipped'),
  ('needs_human', 'cancel', 'cancelled'),
  ('done', 'reopen', 'ready'), ('skipped', 'reopen', 'ready');

-- One row a process; while it lives it also holds the session advisory lock (4242, num).
CREATE TABLE instance (
  num serial PRIMARY KEY,
  started_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE operator (
  team_id text NOT NULL,
  user_id text NOT NULL,
  role text NOT NULL CHECK (role IN ('operator', 'approver', 'admin')),
  added_by text NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now(),
  removed_by text,
  removed_at timestamptz,
  PRIMARY KEY (team_id, user_id)
);

CREATE SEQUENCE offboarding_number;
CREATE SEQUENCE device_return_number;

CREATE TABLE run (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kind text NOT NULL CHECK (kind IN ('offboarding', 'device_return')),
  code text NOT NULL UNIQUE,
  person_id text NOT NULL,
  person jsonb NOT NULL,
  ids jsonb NOT NULL,
  trigger text NOT NULL,
  requested_by text NOT NULL,
  reason text,
  plan_hash text,
  policy_hash text NOT NULL,
  policy jsonb NOT NULL DEFAULT '{}',
  access_ends_at timestamptz(3),
  last_working_at timestamptz(3),
  employment_ends_on date,
  sealed boolean NOT NULL DEFAULT false,
  hold boolean NOT NULL DEFAULT false,
  status text NOT NULL CHECK (status IN ('awaiting_approval', 'scheduled', 'held', 'open', 'closed', 'cancelled')),
  requested_at timestamptz(3) NOT NULL,
  opened_at timestamptz(3),
  closed_at timestamptz(3)
) WITH (fillfactor = 70);
-- Never twice: one live run a person and kind, whichever doors it came through.
CREATE UNIQUE INDEX run_one_live ON run (kind, person_id) WHERE status IN ('awaiting_approval', 'scheduled', 'held', 'open');

-- One request opens one run, also when it is handled again after the run has closed.
CREATE UNIQUE INDEX run_one_request ON run (kind, person_id, requested_by, requested_at);

CREATE TABLE step_run (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  run_id uuid NOT NULL REFERENCES run,
  step text NOT NULL,
  subject text NOT NULL DEFAULT '',
  vendor text NOT NULL,
  stage text NOT NULL,
  priority int NOT NULL,
  needs jsonb NOT NULL,
  timed boolean NOT NULL,
  status step_status NOT NULL,
  cause text,
  need jsonb,
  attempt int NOT NULL DEFAULT 0,
  failures int NOT NULL DEFAULT 0,
  resumed_attempt int NOT NULL DEFAULT 0,
  owner int,
  taken_over_at timestamptz,
  opened_at timestamptz(3) NOT NULL,
  ready_at timestamptz(3),
  started_at timestamptz(3),
  due_at timestamptz(3),
  ended_at timestamptz(3),
  before jsonb,
  after jsonb,
  evidence text CHECK (evidence IN ('read_back', 'accepted', 'moot', 'attested')),
  UNIQUE (run_id, step, subject)
) WITH (fillfactor = 60);
CREATE INDEX step_run_ready ON step_run (vendor, priority DESC, ready_at) WHERE status = 'ready';
CREATE INDEX step_run_running ON step_run (owner) WHERE status = 'running';
CREATE INDEX step_run_due ON step_run (due_at) WHERE status = 'waiting';
CREATE INDEX step_run_timed ON step_run (run_id) WHERE status = 'blocked' AND timed;

CREATE FUNCTION refuse_other_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM step_transition t WHERE t.status = OLD.status AND t.becomes = NEW.status) THEN
    RAISE EXCEPTION 'step_run %: a % step never becomes %', OLD.step, OLD.status, NEW.status USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER only_known_moves BEFORE UPDATE OF status ON step_run FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION refuse_other_moves();

-- Intent and receipt of each vendor write. outcome NULL: sent perhaps, nobody knows yet.
CREATE TABLE vendor_write (
  id bigserial PRIMARY KEY,
  step_run_id uuid NOT NULL REFERENCES step_run,
  attempt int NOT NULL,
  effect text NOT NULL,
  target text NOT NULL DEFAULT '',
  repeat text NOT NULL CHECK (repeat IN ('safe', 'search_first', 'once')),
  irreversible boolean NOT NULL,
  request_hash text NOT NULL,
  intended_at timestamptz(3) NOT NULL,
  answered_at timestamptz(3),
  outcome text CHECK (outcome IN ('accepted', 'refused', 'doubt', 'deferred')),
  receipt jsonb,
  error text,
  searches int NOT NULL DEFAULT 0,
  searched_at timestamptz(3)
);
CREATE INDEX vendor_write_of_step ON vendor_write (step_run_id, id);

CREATE TABLE decision (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  run_id uuid NOT NULL REFERENCES run,
  step_run_id uuid REFERENCES step_run,
  kind text NOT NULL,
  attempt int NOT NULL,
  decided_by text NOT NULL,
  decided_at timestamptz(3) NOT NULL,
  answer jsonb NOT NULL DEFAULT '{}'
);
-- A human decision counts once, whoever pressed.
CREATE UNIQUE INDEX decision_once ON decision (step_run_id, attempt, kind);

CREATE TABLE inbound_delivery (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  key text NOT NULL,
  kind text NOT NULL,
  actor text NOT NULL,
  payload jsonb NOT NULL,
  received_at timestamptz(3) NOT NULL,
  owner int,
  attempt int NOT NULL DEFAULT 0,
  outcome text,
  result jsonb,
  handled_at timestamptz(3),
  UNIQUE (source, key)
);
CREATE INDEX inbound_unhandled ON inbound_delivery (received_at) WHERE handled_at IS NULL;

-- What a reporter should show, and the version it has shown: wanted > drawn means redraw.
CREATE TABLE report (
  key text PRIMARY KEY,
  audience text NOT NULL,
  run_id uuid REFERENCES run,
  inbound_id uuid REFERENCES inbound_delivery,
  wanted int NOT NULL DEFAULT 1,
  drawn int NOT NULL DEFAULT 0,
  owner int,
  attempt int NOT NULL DEFAULT 0,
  failures int NOT NULL DEFAULT 0,
  problem text,
  wanted_at timestamptz NOT NULL DEFAULT now(),
  retry_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 60);
CREATE INDEX report_to_draw ON report (retry_at) WHERE wanted > drawn;

-- Each message a reporter has posted (or means to): the marker in its metadata finds it again.
CREATE TABLE delivery (
  report_key text NOT NULL REFERENCES report,
  message text NOT NULL,
  marker uuid NOT NULL DEFAULT gen_random_uuid(),
  intended_at timestamptz NOT NULL DEFAULT now(),
  searches int NOT NULL DEFAULT 0,
  ts text,
  hash text,
  PRIMARY KEY (report_key, message)
);

CREATE TABLE vendor_pace (
  vendor text PRIMARY KEY,
  next_at timestamptz NOT NULL DEFAULT now(),
  paused_until timestamptz
) WITH (fillfactor = 10);

-- ---------------------------------------------------------------------------------------------- audit
-- One chain a run (chain = the run's id), one for events without a run ('team'), and 'heads', which keeps the head of every
-- chain that has ended.
CREATE TABLE audit_event (
  chain text NOT NULL,
  seq bigint NOT NULL,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  detail jsonb NOT NULL,
  prev_hash bytea NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (chain, seq)
);
CREATE TABLE audit_head (
  chain text PRIMARY KEY,
  seq bigint NOT NULL,
  hash bytea NOT NULL
) WITH (fillfactor = 50);

-- Canonical bytes: a JSON array, so no field can bleed into its neighbour; microseconds as stored, never JavaScript's.
CREATE FUNCTION audit_hash(prev bytea, chain text, seq bigint, at timestamptz, actor text, action text, detail jsonb)
RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT sha256(prev || convert_to(
    jsonb_build_array(chain, seq, (extract(epoch FROM at) * 1000000)::bigint, actor, action, detail)::text, 'UTF8'))
$$;

CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  -- Locks the chain's head: appenders of one chain queue here, without gaps. The caller cannot choose any of these.
  INSERT INTO audit_head AS h (chain, seq, hash) VALUES (NEW.chain, 1, decode(repeat('00', 32), 'hex'))
    ON CONFLICT (chain) DO UPDATE SET seq = h.seq + 1
    RETURNING h.seq, h.hash INTO NEW.seq, NEW.prev_hash;
  NEW.at := clock_timestamp();
  NEW.hash := audit_hash(NEW.prev_hash, NEW.chain, NEW.seq, NEW.at, NEW.actor, NEW.action, NEW.detail);
  UPDATE audit_head SET hash = NEW.hash WHERE chain = NEW.chain;
  RETURN NEW;
END $$;
CREATE TRIGGER chain BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_chain();

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit_event is append-only (% refused)', TG_OP; END $$;
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

CREATE FUNCTION audit(p_chain text, p_actor text, p_action text, p_detail jsonb) RETURNS void LANGUAGE sql AS $$
  INSERT INTO audit_event (chain, actor, action, detail) VALUES (p_chain, p_actor, p_action, p_detail)
$$;

-- The first bad row of each chain, NULL where the chain holds. A cut tail shows against the head, a cut chain against 'heads'.
CREATE FUNCTION audit_verify() RETURNS TABLE (chain text, rows_checked bigint, first_bad bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH linked AS (
    SELECT e.*, lag(e.hash, 1, decode(repeat('00', 32), 'hex')) OVER w AS want_prev, row_number() OVER w AS want_seq
    FROM audit_event e WINDOW w AS (PARTITION BY e.chain ORDER BY e.seq)
  ), bad AS (
    SELECT l.chain, min(l.seq) AS seq FROM linked l
    WHERE l.seq <> l.want_seq OR l.prev_hash <> l.want_prev
       OR l.hash <> audit_hash(l.prev_hash, l.chain, l.seq, l.at, l.actor, l.action, l.detail)
    GROUP BY l.chain
  ), tail AS (
    SELECT e.chain, max(e.seq) AS seq, count(*) AS n FROM audit_event e GROUP BY e.chain
  ), known AS (
    SELECT h.chain, h.seq, h.hash FROM audit_head h
    UNION ALL
    SELECT e.detail->>'chain', (e.detail->>'seq')::bigint, decode(e.detail->>'hash', 'hex')
      FROM audit_event e WHERE e.chain = 'heads' AND e.action = 'chain.ended'
  ), names AS (SELECT k.chain FROM known k UNION SELECT t.chain FROM tail t)
  SELECT n.chain, coalesce(t.n, 0),
    coalesce(b.seq,
      (SELECT min(k.seq) FROM known k WHERE k.chain = n.chain
        AND NOT EXISTS (SELECT 1 FROM audit_event e WHERE e.chain = k.chain AND e.seq = k.seq AND e.hash = k.hash)),
      (SELECT t.seq WHERE NOT EXISTS (SELECT 1 FROM audit_head h WHERE h.chain = n.chain AND h.seq = t.seq)))
  FROM names n LEFT JOIN tail t USING (chain) LEFT JOIN bad b USING (chain)
  ORDER BY 1
$$;
