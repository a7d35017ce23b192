-- The undo of an offboarding: a run of its own that names the run it takes back, never beside a new offboarding of the same person.
-- Lock order as in 0002; where two runs are locked, first the undo, then the run that it takes back.

ALTER TABLE run DROP CONSTRAINT run_kind_check;
ALTER TABLE run ADD CONSTRAINT run_kind_check CHECK (kind IN ('offboarding', 'device_return', 'rehire'));
ALTER TABLE run ADD COLUMN undoes uuid REFERENCES run (id);
ALTER TABLE run ADD CONSTRAINT only_a_rehire_undoes CHECK ((kind = 'rehire') = (undoes IS NOT NULL));
CREATE INDEX run_undoes ON run (undoes) WHERE undoes IS NOT NULL;
CREATE SEQUENCE rehire_number;

-- Out and back in at once would each close what the other opens. Both doors take one lock, so that neither misses the other
-- (23 is SQL's class of constraints that are violated).
CREATE FUNCTION one_way_at_a_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_other text;
BEGIN
  PERFORM pg_advisory_xact_lock(4245, hashtext(NEW.person_id));
  SELECT r.code INTO v_other FROM run r WHERE r.person_id = NEW.person_id AND r.status IN ('awaiting_approval', 'scheduled', 'held', 'open')
    AND r.kind = CASE NEW.kind WHEN 'rehire' THEN 'offboarding' ELSE 'rehire' END AND r.id IS DISTINCT FROM NEW.undoes LIMIT 1;
  IF FOUND THEN RAISE EXCEPTION 'the same person is on the way in the other direction: %', v_other USING ERRCODE = '23D21'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER one_way_at_a_time BEFORE INSERT ON run FOR EACH ROW WHEN (NEW.kind IN ('offboarding', 'rehire')) EXECUTE FUNCTION one_way_at_a_time();

-- What is left of the run that is taken back ends with the yes to its undo: it is cancelled, and a closed run watches no more. The
-- caller holds the undo's row, and has asked who may.
CREATE FUNCTION end_undone(p_run uuid, p_by text, p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_undone uuid; v_watch int;
BEGIN
  SELECT r.undoes INTO v_undone FROM run r WHERE r.id = p_run;
  IF v_undone IS NULL THEN RETURN; END IF;
  PERFORM cancel_run(v_undone, p_by, 'admin', p_now);
  UPDATE step_run s SET status = step_move(s.status, 'cancel'), cause = 'undone', need = NULL, due_at = NULL, ended_at = p_now
    WHERE s.run_id = v_undone AND s.step = 'watch' AND s.status IN ('blocked', 'ready', 'waiting', 'needs_human');
  GET DIAGNOSTICS v_watch = ROW_COUNT;
  UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE report.run_id = v_undone;
  PERFORM audit(v_undone::text, p_by, 'run.undone', jsonb_strip_nulls(jsonb_build_object('by', p_run, 'watches', nullif(v_watch, 0))));
  PERFORM audit_end_chain(v_undone::text);
END $$;

-- As in 0015, with the run that a rehire takes back.
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
  v_code := CASE p_run->>'kind' WHEN 'offboarding' THEN 'OFF-' || nextval('offboarding_number') WHEN 'rehire' THEN 'REH-' || nextval('rehire_number')
    ELSE 'RET-' || nextval('device_return_number') END;
  INSERT INTO run AS r (kind, code, person_id, person, ids, trigger, requested_by, reason, plan_hash, policy_hash, policy, status, requested_at, opened_at,
      plan, remind_at, undoes)
    VALUES (p_run->>'kind', v_code, p_run->>'personId', p_run->'person', p_run->'ids', p_run->>'trigger', p_run->>'requestedBy', p_run->>'reason',
      p_run->>'planHash', p_run->>'policyHash', p_run->'policy', v_status,
      (p_run->>'requestedAt')::timestamptz, CASE WHEN v_status = 'open' THEN p_now END, v_approval->'plan', (v_approval->>'remindAt')::timestamptz, (p_run->>'undoes')::uuid)
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
      'plan', p_run->>'planHash', 'policy', p_run->>'policyHash', 'at', v_start->>'at', 'because', v_start#>'{held,because}', 'undoes', p_run->>'undoes',
      'steps', jsonb_path_query_array(p_steps, '$[*].step'))));
END $$;

-- As in 0015; the yes to an undo also ends what is left of the run that it takes back.
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
    PERFORM end_undone(p_run, p_by, p_now);
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
