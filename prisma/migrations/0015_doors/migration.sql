-- Runs that begin by themselves: what doors have heard of, where polls stand, and runs that act at a moment or after a human has looked.
-- Lock order as in 0002: run, step_run, report, audit head.

-- What an outside system says may have changed, until it was read again. However often somebody knocks meanwhile, it is one look.
CREATE TABLE knock (
  door text NOT NULL,
  subject text NOT NULL,
  wanted int NOT NULL DEFAULT 1,
  looked int NOT NULL DEFAULT 0,
  tries int NOT NULL DEFAULT 0,
  outcome text,
  -- Business time: of the first knock that has not been looked at yet.
  knocked_at timestamptz(3) NOT NULL,
  -- The database's clock: a look that was begun counts as lost after a minute.
  claimed_at timestamptz,
  retry_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (door, subject)
) WITH (fillfactor = 70);
CREATE INDEX knock_waiting ON knock (retry_at) WHERE wanted > looked;

-- Where a poll stands, in its vendor's own words, and when it was last taken (the database's clock): one process a turn.
CREATE TABLE poll (
  name text PRIMARY KEY,
  position jsonb,
  taken_at timestamptz NOT NULL DEFAULT 'epoch'
);

-- What a run keeps of its start (model/start.ts). NULL: it began at once.
ALTER TABLE run ADD COLUMN start jsonb;
ALTER TABLE run ADD COLUMN start_remind_at timestamptz(3);
ALTER TABLE run ADD COLUMN start_tries int NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN start_claimed_at timestamptz;
CREATE INDEX run_scheduled ON run (access_ends_at) WHERE status IN ('awaiting_approval', 'scheduled', 'held');

-- Writes how a run starts. The caller holds the row, or has just made it.
CREATE FUNCTION set_start(p_run uuid, p_start jsonb) RETURNS void LANGUAGE sql AS $$
  UPDATE run r SET start = p_start, access_ends_at = (p_start->>'at')::timestamptz, last_working_at = (p_start->>'lastWorkingAt')::timestamptz,
    employment_ends_on = (p_start->>'employmentEndsOn')::date, start_remind_at = (p_start->>'remindAt')::timestamptz, start_tries = 0, start_claimed_at = NULL
  WHERE r.id = p_run
$$;

-- Opens a run with its steps, or answers with the live run of the same person: as in 0013, and with a 'start' it is scheduled or held.
CREATE OR REPLACE FUNCTION open_run(p_run jsonb, p_steps jsonb, p_instance int, p_take int, p_vendors text[], p_deadline_ms int, p_now timestamptz)
RETURNS TABLE (kind text, run_id uuid, code text, claimed jsonb) LANGUAGE plpgsql AS $$
DECLARE v_id uuid; v_code text; c record; v_approval jsonb := nullif(p_run->'approval', 'null'); v_start jsonb := nullif(p_run->'start', 'null');
  v_status text := CASE WHEN v_approval IS NOT NULL THEN 'awaiting_approval' ELSE coalesce(v_start->>'status', 'open') END;
BEGIN
  UPDATE instance SET seen_at = now() WHERE num = p_instance;
  -- The code is drawn only once the row is certain: a joined run burns no number.
  PERFORM pg_advisory_xact_lock(4243, hashtext((p_run->>'kind') || (p_run->>'personId')));
  SELECT r.id, r.code INTO v_id, v_code FROM run r WHERE r.kind = p_run->>'kind' AND r.person_id = p_run->>'personId'
    AND (r.status IN ('awaiting_approval', 'scheduled', 'held', 'open')
      OR (r.requested_by = p_run->>'requestedBy' AND r.requested_at = (p_run->>'requestedAt')::timestamptz(3)))
    ORDER BY r.requested_at DESC LIMIT 1;
  IF FOUND THEN
    kind := 'joined'; run_id := v_id; code := v_code; RETURN NEXT;
    PERFORM audit(v_id::text, p_run->>'requestedBy', 'run.joined', jsonb_build_object('trigger', p_run->>'trigger'));
    RETURN;
  END IF;
  v_code := CASE p_run->>'kind' WHEN 'offboarding' THEN 'OFF-' || nextval('offboarding_number') ELSE 'RET-' || nextval('device_return_number') END;
  INSERT INTO run AS r (kind, code, person_id, person, ids, trigger, requested_by, reason, plan_hash, policy_hash, policy, status, requested_at, opened_at,
      plan, remind_at)
    VALUES (p_run->>'kind', v_code, p_run->>'personId', p_run->'person', p_run->'ids', p_run->>'trigger', p_run->>'requestedBy', p_run->>'reason',
      p_run->>'planHash', p_run->>'policyHash', p_run->'policy', v_status,
      (p_run->>'requestedAt')::timestamptz, CASE WHEN v_status = 'open' THEN p_now END, v_approval->'plan', (v_approval->>'remindAt')::timestamptz)
    RETURNING r.id INTO v_id;
  IF v_start IS NOT NULL THEN PERFORM set_start(v_id, v_start); END IF;
  INSERT INTO step_run (run_id, step, subject, facts, vendor, stage, priority, needs, timed, outlives, status, opened_at)
    SELECT v_id, x.step, x.subject, coalesce(x.facts, '{}'), x.vendor, x.stage, x.priority, x.needs, x.timed, coalesce(x.outlives, false), 'blocked', p_now
    FROM jsonb_to_recordset(p_steps) AS x(step text, subject text, facts jsonb, vendor text, stage text, priority int, needs jsonb, timed boolean, outlives boolean);
  INSERT INTO report (key, audience, run_id) VALUES ('slack:' || v_id, 'slack', v_id);
  kind := 'opened'; run_id := v_id; code := v_code; RETURN NEXT;
  FOR c IN SELECT r.claimed FROM release_steps(v_id, p_instance, p_take, p_vendors, p_deadline_ms, p_now) r LOOP
    kind := CASE WHEN c.claimed IS NULL THEN 'left' ELSE 'mine' END; claimed := c.claimed; RETURN NEXT;
  END LOOP;
  PERFORM audit(v_id::text, p_run->>'requestedBy', CASE v_status WHEN 'open' THEN 'run.opened' WHEN 'awaiting_approval' THEN 'run.approval_asked'
      WHEN 'scheduled' THEN 'run.scheduled' ELSE 'run.halted' END,
    jsonb_strip_nulls(jsonb_build_object('code', v_code, 'kind', p_run->>'kind', 'person', p_run->>'personId', 'trigger', p_run->>'trigger',
      'plan', p_run->>'planHash', 'policy', p_run->>'policyHash', 'at', v_start->>'at', 'because', v_start#>'{held,because}',
      'steps', jsonb_path_query_array(p_steps, '$[*].step'))));
END $$;

-- Rows of a run that has done nothing which are not planned any more, a computer's that nobody ticks now: they would hold it, and come back
-- as skipped where it is ticked again. As the owner: the app deletes no row of a run.
CREATE FUNCTION drop_unbegun_steps(p_run uuid, p_steps jsonb) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM step_run s USING run r WHERE r.id = p_run AND r.status IN ('scheduled', 'held') AND r.opened_at IS NULL
    AND s.run_id = r.id AND s.status = 'blocked' AND s.attempt = 0 AND NOT EXISTS (
      SELECT 1 FROM jsonb_to_recordset(p_steps) AS x(step text, subject text) WHERE x.step = s.step AND x.subject = s.subject)
$$;

-- A run that has done nothing yet begins, gets another moment, is held, or asks a second person: as p_run says, word for word what
-- open_run would be given. 'stale': it is no longer what was looked at (p_expected: how its start stood). Rows as open_run answers.
CREATE FUNCTION restart_run(p_id uuid, p_expected jsonb, p_run jsonb, p_steps jsonb, p_by text, p_instance int, p_take int, p_vendors text[],
  p_deadline_ms int, p_now timestamptz)
RETURNS TABLE (kind text, run_id uuid, code text, claimed jsonb) LANGUAGE plpgsql AS $$
DECLARE r record; c record; v_approval jsonb := nullif(p_run->'approval', 'null'); v_start jsonb := nullif(p_run->'start', 'null');
  v_status text := CASE WHEN v_approval IS NOT NULL THEN 'awaiting_approval' ELSE coalesce(v_start->>'status', 'open') END;
BEGIN
  UPDATE instance SET seen_at = now() WHERE num = p_instance;
  SELECT u.* INTO r FROM run u WHERE u.id = p_id FOR UPDATE;
  IF NOT FOUND OR r.status NOT IN ('scheduled', 'held') OR r.start->'status' IS DISTINCT FROM p_expected->'status'
    OR r.start->'at' IS DISTINCT FROM p_expected->'at' THEN kind := 'stale'; run_id := p_id; RETURN NEXT; RETURN; END IF;
  -- Nothing of it has begun: its rows become what the catalogue and the person's things are now.
  PERFORM drop_unbegun_steps(p_id, p_steps);
  UPDATE run u SET person = p_run->'person', ids = p_run->'ids', plan_hash = p_run->>'planHash', policy_hash = p_run->>'policyHash', policy = p_run->'policy',
      reason = coalesce(p_run->>'reason', u.reason), status = v_status, opened_at = CASE WHEN v_status = 'open' THEN p_now END,
      plan = coalesce(v_approval->'plan', u.plan), remind_at = (v_approval->>'remindAt')::timestamptz
    WHERE u.id = p_id;
  PERFORM set_start(p_id, coalesce(v_start, r.start || jsonb_build_object('status', 'open', 'held', NULL, 'remindAt', NULL)));
  INSERT INTO step_run (run_id, step, subject, facts, vendor, stage, priority, needs, timed, outlives, status, opened_at)
    SELECT p_id, x.step, x.subject, coalesce(x.facts, '{}'), x.vendor, x.stage, x.priority, x.needs, x.timed, coalesce(x.outlives, false), 'blocked', p_now
    FROM jsonb_to_recordset(p_steps) AS x(step text, subject text, facts jsonb, vendor text, stage text, priority int, needs jsonb, timed boolean, outlives boolean)
    ON CONFLICT ON CONSTRAINT step_run_run_id_step_subject_key DO UPDATE SET facts = excluded.facts, vendor = excluded.vendor, stage = excluded.stage, priority = excluded.priority,
      needs = excluded.needs, timed = excluded.timed, outlives = excluded.outlives, opened_at = p_now;
  -- Whose word it was, where it was a person's.
  IF p_by LIKE '%/%' THEN
    INSERT INTO decision (run_id, kind, attempt, decided_by, decided_at, answer)
      VALUES (p_id, CASE v_status WHEN 'scheduled' THEN 'reschedule' ELSE 'start' END, 0, p_by, p_now, jsonb_strip_nulls(jsonb_build_object('at', v_start->>'at')));
  END IF;
  IF p_run->'ids' ? 'hris.decided' AND NOT r.ids ? 'hris.decided' THEN
    INSERT INTO decision (run_id, kind, attempt, decided_by, decided_at, answer) VALUES (p_id, 'identity', 0, p_by, p_now, jsonb_build_object(
      'chosen', p_run#>'{ids,hris.decided}', 'offered', p_run#>'{ids,hris.offered}', 'because', p_run#>'{ids,hris.because}'));
  END IF;
  kind := 'opened'; run_id := p_id; code := r.code; RETURN NEXT;
  FOR c IN SELECT f.claimed FROM release_steps(p_id, p_instance, p_take, p_vendors, p_deadline_ms, p_now) f LOOP
    kind := CASE WHEN c.claimed IS NULL THEN 'left' ELSE 'mine' END; claimed := c.claimed; RETURN NEXT;
  END LOOP;
  UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE report.run_id = p_id;
  PERFORM audit(p_id::text, p_by, CASE v_status WHEN 'open' THEN 'run.opened' WHEN 'awaiting_approval' THEN 'run.approval_asked'
      WHEN 'scheduled' THEN 'run.rescheduled' ELSE 'run.halted' END,
    jsonb_strip_nulls(jsonb_build_object('plan', p_run->>'planHash', 'policy', p_run->>'policyHash', 'at', v_start->>'at', 'was', r.start->>'at',
      'because', v_start#>'{held,because}', 'steps', jsonb_path_query_array(p_steps, '$[*].step'))));
END $$;

-- Another moment for a run that HR's date scheduled and a second person has not yet allowed, or has: only the dates change.
CREATE FUNCTION move_start(p_run uuid, p_start jsonb, p_ids jsonb, p_by text, p_now timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE v_was text;
BEGIN
  SELECT r.start->>'at' INTO v_was FROM run r WHERE r.id = p_run AND r.status = 'awaiting_approval' AND r.opened_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM set_start(p_run, p_start);
  UPDATE run r SET ids = r.ids || p_ids WHERE r.id = p_run;
  UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE report.run_id = p_run;
  PERFORM audit(p_run::text, p_by, 'run.rescheduled', jsonb_build_object('at', p_start->>'at', 'was', v_was));
  RETURN true;
END $$;

-- Its reason is gone before it began: it ends as a cancellation does. False: it has begun, or has ended.
CREATE FUNCTION withdraw_run(p_run uuid, p_by text, p_now timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM run r WHERE r.id = p_run AND r.status IN ('awaiting_approval', 'scheduled', 'held') AND r.opened_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM step_run s JOIN vendor_write w ON w.step_run_id = s.id WHERE s.run_id = r.id) FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM cancel_run(p_run, p_by, 'admin', p_now);
  RETURN true;
END $$;

-- Runs whose moment has come, each for one process at a time: one that died is replaced after a minute. A reminder that is due is
-- only drawn. Where approval was not given by then, closing access begins all the same if the policy says so.
CREATE FUNCTION take_due_runs(p_now timestamptz, p_limit int) RETURNS SETOF uuid LANGUAGE plpgsql AS $$
DECLARE r record;
BEGIN
  FOR r IN UPDATE run u SET start_remind_at = NULL, start = jsonb_set(u.start, '{reminded}', 'true')
      WHERE u.id IN (SELECT d.id FROM run d WHERE d.status IN ('scheduled', 'awaiting_approval') AND d.start_remind_at <= p_now ORDER BY d.id FOR UPDATE SKIP LOCKED)
      RETURNING u.id LOOP
    PERFORM pg_notify('sendoff', ''); -- whoever draws or runs, in any process
    UPDATE report p SET wanted = p.wanted + 1, wanted_at = CASE WHEN p.wanted = p.drawn THEN now() ELSE p.wanted_at END WHERE p.run_id = r.id;
  END LOOP;
  FOR r IN UPDATE run u SET start = jsonb_set(u.start, '{passed}', 'true'),
        policy = CASE WHEN (u.policy->>'schedule.containsFirst')::boolean THEN jsonb_set(u.policy, '{protected.containBeforeApproval}', 'true') ELSE u.policy END
      WHERE u.id IN (SELECT d.id FROM run d WHERE d.status = 'awaiting_approval' AND d.access_ends_at <= p_now AND NOT d.start ? 'passed' ORDER BY d.id FOR UPDATE SKIP LOCKED)
      RETURNING u.id, u.policy LOOP
    PERFORM release_steps(r.id, 0, 0, '{}', 0, p_now);
    PERFORM pg_notify('sendoff', '');
    UPDATE report p SET wanted = p.wanted + 1, wanted_at = CASE WHEN p.wanted = p.drawn THEN now() ELSE p.wanted_at END WHERE p.run_id = r.id;
    PERFORM audit(r.id::text, 'runner', 'run.moment_passed', '{"status": "awaiting_approval"}');
  END LOOP;
  RETURN QUERY UPDATE run u SET start_claimed_at = now() WHERE u.id IN (
      SELECT d.id FROM run d WHERE d.status = 'scheduled' AND d.access_ends_at <= p_now
        AND (d.start_claimed_at IS NULL OR d.start_claimed_at < now() - interval '60 seconds')
      ORDER BY d.access_ends_at LIMIT p_limit FOR UPDATE SKIP LOCKED) RETURNING u.id;
END $$;

-- It could not be looked at: told on its message, and tried again. NULL trouble: somebody else has it now.
CREATE FUNCTION put_off_start(p_run uuid, p_trouble text, p_after_ms int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v_tries int;
BEGIN
  UPDATE run r SET start_tries = r.start_tries + 1, start = jsonb_set(r.start, '{trouble}', to_jsonb(p_trouble)),
      start_claimed_at = now() - interval '60 seconds' + p_after_ms * interval '1 millisecond'
    WHERE r.id = p_run AND r.status = 'scheduled' RETURNING r.start_tries INTO v_tries;
  UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE report.run_id = p_run;
  RETURN v_tries;
END $$;

-- The second person's yes or no: as in 0006, but a run whose moment has not come waits for it.
CREATE OR REPLACE FUNCTION judge_run(p_run uuid, p_version int, p_kind text, p_by text, p_answer jsonb, p_instance int, p_take int, p_vendors text[],
  p_deadline_ms int, p_now timestamptz)
RETURNS TABLE (kind text, run_status text, what text, decided_by text, decided_at timestamptz, claimed jsonb) LANGUAGE plpgsql AS $$
DECLARE r record; c record; v_closed boolean := false; v_later boolean;
BEGIN
  UPDATE instance SET seen_at = now() WHERE num = p_instance;
  SELECT u.* INTO r FROM run u WHERE u.id = p_run FOR UPDATE;
  IF NOT FOUND THEN kind := 'unknown'; RETURN NEXT; RETURN; END IF;
  kind := why_not_second(r.requested_by, r.ids, p_by);
  IF kind IS NOT NULL THEN RETURN NEXT; RETURN; END IF;
  IF r.status <> 'awaiting_approval' THEN
    SELECT d.kind, d.decided_by, d.decided_at INTO what, decided_by, decided_at FROM decision d
      WHERE d.run_id = p_run AND d.step_run_id IS NULL ORDER BY d.decided_at, d.kind LIMIT 1;
    kind := 'stale'; run_status := r.status; RETURN NEXT; RETURN;
  END IF;
  IF p_kind = 'approve' AND r.plan_version <> p_version THEN kind := 'changed'; RETURN NEXT; RETURN; END IF;
  INSERT INTO decision (run_id, kind, attempt, decided_by, decided_at, answer) VALUES (p_run, p_kind, r.plan_version, p_by, p_now, p_answer);
  kind := CASE p_kind WHEN 'approve' THEN 'approved' ELSE 'declined' END;
  what := p_kind; decided_by := p_by; decided_at := p_now; RETURN NEXT;
  v_later := r.start IS NOT NULL AND r.access_ends_at > p_now;
  IF p_kind = 'approve' AND v_later THEN
    UPDATE run u SET status = 'scheduled', remind_at = NULL, start = u.start || jsonb_build_object('status', 'scheduled', 'plan', u.plan) WHERE u.id = p_run;
  ELSIF p_kind = 'approve' THEN
    UPDATE run u SET status = 'open', opened_at = p_now, remind_at = NULL WHERE u.id = p_run;
    FOR c IN SELECT f.claimed FROM release_steps(p_run, p_instance, p_take, p_vendors, p_deadline_ms, p_now) f LOOP
      kind := CASE WHEN c.claimed IS NULL THEN 'left' ELSE 'mine' END; claimed := c.claimed; RETURN NEXT;
    END LOOP;
    v_closed := close_if_ended(p_run, p_now); -- where all of it was containment that has ended meanwhile
  ELSE
    UPDATE run u SET status = 'cancelled', closed_at = p_now, remind_at = NULL WHERE u.id = p_run;
    UPDATE step_run s SET status = step_move(s.status, 'cancel'), cause = 'run_declined', need = NULL, due_at = NULL, ended_at = p_now
      WHERE s.run_id = p_run AND s.status IN ('blocked', 'ready', 'waiting', 'needs_human');
  END IF;
  UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE report.run_id = p_run;
  PERFORM audit(p_run::text, p_by, CASE p_kind WHEN 'approve' THEN 'run.approved' ELSE 'run.declined' END,
    jsonb_build_object('plan', r.plan_hash, 'version', r.plan_version) || p_answer);
  IF v_closed THEN PERFORM audit(p_run::text, 'runner', 'run.closed', '{}'); END IF;
  IF v_closed OR p_kind <> 'approve' THEN PERFORM audit_end_chain(p_run::text); END IF;
END $$;
