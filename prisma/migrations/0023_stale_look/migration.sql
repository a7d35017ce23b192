-- Of two operators who confirm the same person, the slower one's look may be older than the faster one's whole run.

-- As in 0021, and never on a look that is older than another run of the same person: `endedBefore` is how many of theirs had ended when it
-- began. None lives here, and none is ever deleted, so that one more has come and gone since (23 is SQL's class of violated constraints).
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
  IF (p_run->>'endedBefore')::int < (SELECT count(*) FROM run r WHERE r.kind = p_run->>'kind' AND r.person_id = p_run->>'personId') THEN
    RAISE EXCEPTION 'another run of this person came and went since it was looked at' USING ERRCODE = '23D23';
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
