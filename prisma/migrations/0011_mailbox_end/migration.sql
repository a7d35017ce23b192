-- A mailbox that was given to somebody is taken back, whatever becomes of its run: a step may outlive a cancelled run. A date may be
-- moved by an approver, a question may name who answers it, and one choice of a person serves every step that asks for it.
-- Lock order as in 0002: run, step_run, report, audit head.

ALTER TABLE step_run ADD COLUMN outlives boolean NOT NULL DEFAULT false;

-- Who may have been given something by a step of these needs: one of them runs, or wrote what the vendor did not refuse.
CREATE FUNCTION must_outlive(p_run uuid, p_needs jsonb) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM jsonb_array_elements(p_needs) AS g(alternatives), jsonb_array_elements(g.alternatives) AS a(need), step_run s
    WHERE s.run_id = p_run AND s.step = a.need->>'step' AND (s.status IN ('running', 'done')
      OR EXISTS (SELECT 1 FROM vendor_write w WHERE w.step_run_id = s.id AND w.outcome IS DISTINCT FROM 'refused' AND w.outcome IS DISTINCT FROM 'deferred')))
$$;

-- The last word before a write is sent: as in 0006, but for a step that outlives a cancelled run.
CREATE OR REPLACE FUNCTION intend_write(p_step_run uuid, p_attempt int, p_instance int, p_write jsonb, p_answers jsonb, p_deadline_ms int, p_now timestamptz)
RETURNS TABLE (verdict text, write_id bigint, wait_ms int) LANGUAGE plpgsql AS $$
DECLARE s record; v_paused timestamptz; v_wait numeric;
BEGIN
  SELECT sr.*, run_allows(r.status, r.policy, sr.stage) OR sr.outlives AND r.status = 'cancelled' AS may INTO s FROM step_run sr JOIN run r ON r.id = sr.run_id WHERE sr.id = p_step_run FOR UPDATE OF sr;
  PERFORM settle_writes(s.run_id, s.step, p_answers, p_now);
  wait_ms := 0;
  IF s.status <> 'running' OR s.attempt <> p_attempt OR s.owner IS DISTINCT FROM p_instance THEN verdict := 'fenced'; RETURN NEXT; RETURN; END IF;
  IF NOT s.may THEN verdict := 'cancelled'; RETURN NEXT; RETURN; END IF;
  IF s.taken_over_at IS NOT NULL AND EXISTS (SELECT 1 FROM vendor_write w WHERE w.step_run_id = s.id
      AND w.effect = p_write->>'effect' AND w.target = p_write->>'target' AND w.outcome IS NULL) THEN
    v_wait := extract(epoch FROM (s.taken_over_at + p_deadline_ms * interval '1 millisecond' - clock_timestamp())) * 1000;
    IF v_wait > 0 THEN verdict := 'wait'; wait_ms := ceil(v_wait); RETURN NEXT; RETURN; END IF;
  END IF;
  SELECT paused_until INTO v_paused FROM vendor_pace WHERE vendor = s.vendor;
  IF v_paused > clock_timestamp() THEN
    verdict := 'paused'; wait_ms := ceil(extract(epoch FROM (v_paused - clock_timestamp())) * 1000); RETURN NEXT; RETURN;
  END IF;
  IF EXISTS (SELECT 1 FROM vendor_write w WHERE w.step_run_id = s.id AND w.effect = p_write->>'effect' AND w.target = p_write->>'target'
      AND w.intended_at >= s.opened_at AND (w.outcome IS NULL OR w.outcome = 'doubt') AND w.request_hash <> p_write->>'requestHash') THEN
    verdict := 'changed'; RETURN NEXT; RETURN;
  END IF;
  PERFORM abandon_writes(s.run_id, s.step, s.id, p_attempt, p_write, p_now);
  INSERT INTO vendor_write (step_run_id, attempt, effect, target, repeat, irreversible, request_hash, intended_at)
    VALUES (p_step_run, p_attempt, p_write->>'effect', p_write->>'target', p_write->>'repeat', (p_write->>'irreversible')::boolean,
      p_write->>'requestHash', p_now) RETURNING id INTO write_id;
  PERFORM audit(s.run_id::text, 'runner', 'write.intended', jsonb_strip_nulls(jsonb_build_object('step', s.step, 'write', write_id,
    'effect', p_write->>'effect', 'target', nullif(p_write->>'target', ''), 'attempt', p_attempt, 'request', p_write->>'requestHash')));
  verdict := 'go'; RETURN NEXT;
END $$;

-- Opens a run with its steps, or answers with the live run of the same person: as in 0006, with what outlives a cancellation.
CREATE OR REPLACE FUNCTION open_run(p_run jsonb, p_steps jsonb, p_instance int, p_take int, p_vendors text[], p_deadline_ms int, p_now timestamptz)
RETURNS TABLE (kind text, run_id uuid, code text, claimed jsonb) LANGUAGE plpgsql AS $$
DECLARE v_id uuid; v_code text; c record; v_approval jsonb := nullif(p_run->'approval', 'null');
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
      p_run->>'planHash', p_run->>'policyHash', p_run->'policy', CASE WHEN v_approval IS NULL THEN 'open' ELSE 'awaiting_approval' END,
      (p_run->>'requestedAt')::timestamptz, CASE WHEN v_approval IS NULL THEN p_now END, v_approval->'plan', (v_approval->>'remindAt')::timestamptz)
    RETURNING r.id INTO v_id;
  INSERT INTO step_run (run_id, step, subject, vendor, stage, priority, needs, timed, outlives, status, opened_at)
    SELECT v_id, x.step, x.subject, x.vendor, x.stage, x.priority, x.needs, x.timed, coalesce(x.outlives, false), 'blocked', p_now
    FROM jsonb_to_recordset(p_steps) AS x(step text, subject text, vendor text, stage text, priority int, needs jsonb, timed boolean, outlives boolean);
  INSERT INTO report (key, audience, run_id) VALUES ('slack:' || v_id, 'slack', v_id);
  kind := 'opened'; run_id := v_id; code := v_code; RETURN NEXT;
  FOR c IN SELECT r.claimed FROM release_steps(v_id, p_instance, p_take, p_vendors, p_deadline_ms, p_now) r LOOP
    kind := CASE WHEN c.claimed IS NULL THEN 'left' ELSE 'mine' END; claimed := c.claimed; RETURN NEXT;
  END LOOP;
  PERFORM audit(v_id::text, p_run->>'requestedBy', CASE WHEN v_approval IS NULL THEN 'run.opened' ELSE 'run.approval_asked' END,
    jsonb_build_object('code', v_code, 'kind', p_run->>'kind', 'person', p_run->>'personId',
    'trigger', p_run->>'trigger', 'plan', p_run->>'planHash', 'policy', p_run->>'policyHash', 'steps', jsonb_path_query_array(p_steps, '$[*].step')));
END $$;

-- A person's retry, skip, attest, answer or extension: as in 0006. What must not be left undone is neither skipped nor attested; its
-- date is moved by an approver, at most as far as the step itself has said.
CREATE OR REPLACE FUNCTION decide_step(p_step_run uuid, p_attempt int, p_kind text, p_by text, p_role text, p_answer jsonb, p_now timestamptz)
RETURNS TABLE (verdict text, status step_status, attempt int, what text, decided_by text, decided_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE s record; r record; v_fits boolean; v_question jsonb; v_closed boolean := false;
BEGIN
  SELECT sr.run_id INTO s FROM step_run sr WHERE sr.id = p_step_run;
  IF NOT FOUND THEN verdict := 'unknown'; RETURN NEXT; RETURN; END IF;
  SELECT u.requested_by, u.ids INTO r FROM run u WHERE u.id = s.run_id FOR UPDATE;
  SELECT sr.* INTO s FROM step_run sr WHERE sr.id = p_step_run FOR UPDATE;
  SELECT d.kind, d.decided_by, d.decided_at INTO what, decided_by, decided_at FROM decision d
    WHERE d.run_id = s.run_id AND (d.step_run_id = s.id AND d.attempt >= p_attempt
      OR d.step_run_id IS NULL AND d.kind IN ('cancel', 'decline') AND s.status = 'cancelled')
    ORDER BY d.decided_at LIMIT 1;
  v_question := CASE WHEN s.need->>'kind' = 'question' THEN s.need->'question' END;
  v_fits := CASE p_kind
    WHEN 'retry' THEN s.status = 'needs_human' AND s.need->>'kind' IN ('failed', 'doubt')
    WHEN 'answer' THEN s.status = 'needs_human' AND p_answer ? (CASE v_question->>'kind' WHEN 'approve' THEN 'approved' WHEN 'choose_person' THEN 'person' END)
    WHEN 'skip' THEN NOT s.outlives AND s.status IN ('needs_human', 'waiting', 'ready', 'blocked')
    WHEN 'attest' THEN NOT s.outlives AND s.status IN ('needs_human', 'waiting', 'ready')
    WHEN 'extend' THEN s.status = 'waiting' AND s.after ? 'latestEnd' END;
  IF v_fits IS NOT TRUE OR s.attempt <> p_attempt OR what IS NOT NULL THEN
    verdict := 'stale'; status := s.status; attempt := s.attempt; RETURN NEXT; RETURN;
  END IF;
  IF p_kind <> 'retry' AND r.ids->>'slack' = split_part(p_by, '/', 2) THEN verdict := 'is_leaver'; RETURN NEXT; RETURN; END IF;
  IF p_kind IN ('skip', 'attest') AND s.stage = 'contain' AND p_role NOT IN ('approver', 'admin') THEN
    verdict := 'needs_approver'; RETURN NEXT; RETURN;
  END IF;
  IF p_kind = 'extend' THEN
    verdict := CASE
      WHEN p_role NOT IN ('approver', 'admin') THEN 'needs_approver'
      WHEN (p_answer->>'until')::timestamptz <= (s.after->>'endsAt')::timestamptz
        OR (p_answer->>'until')::timestamptz > (s.after->>'latestEnd')::timestamptz THEN 'bad_date' END;
    IF verdict IS NOT NULL THEN RETURN NEXT; RETURN; END IF;
  END IF;
  IF p_kind = 'answer' THEN
    verdict := CASE
      WHEN v_question->>'by' = 'second_approver' THEN why_not_second(r.requested_by, r.ids, p_by)
      WHEN v_question->>'by' = 'named' AND NOT v_question->'people' ? split_part(p_by, '/', 2) THEN 'not_named'
      WHEN v_question->>'by' = 'approver' AND p_role NOT IN ('approver', 'admin') THEN 'needs_approver'
      WHEN p_answer->>'person' = r.ids->>'slack' THEN 'leaver_chosen' END;
    IF verdict IS NOT NULL THEN RETURN NEXT; RETURN; END IF;
    p_answer := p_answer || jsonb_build_object('question', v_question->>'name');
  END IF;
  INSERT INTO decision (run_id, step_run_id, kind, attempt, decided_by, decided_at, answer)
    VALUES (s.run_id, s.id, p_kind, p_attempt, p_by, p_now, p_answer);
  IF p_kind = 'skip' THEN
    UPDATE step_run sr SET status = step_move(sr.status, 'skip'), cause = 'by_hand', need = NULL, due_at = NULL, evidence = NULL, ended_at = p_now
      WHERE sr.id = s.id RETURNING sr.status INTO status;
    PERFORM release_steps(s.run_id, 0, 0, '{}', 0, p_now);
    v_closed := close_if_ended(s.run_id, p_now);
  ELSE
    UPDATE step_run sr SET cause = NULL, need = NULL, failures = 0, due_at = NULL,
        status = CASE sr.status WHEN 'needs_human' THEN step_move(sr.status, 'resume') WHEN 'waiting' THEN step_move(sr.status, 'wake') ELSE sr.status END,
        resumed_attempt = CASE p_kind WHEN 'retry' THEN sr.attempt ELSE sr.resumed_attempt END,
        attested_attempt = CASE p_kind WHEN 'attest' THEN sr.attempt END
      WHERE sr.id = s.id RETURNING sr.status INTO status;
  END IF;
  -- Who receives is asked once: every other step of the run that asks the same goes on with this answer.
  IF p_kind = 'answer' AND v_question->>'kind' = 'choose_person' THEN
    UPDATE step_run o SET status = step_move(o.status, 'resume'), cause = NULL, need = NULL, failures = 0
      WHERE o.run_id = s.run_id AND o.id <> s.id AND o.status = 'needs_human' AND o.need->>'kind' = 'question'
        AND o.need->'question'->>'kind' = 'choose_person' AND o.need->'question'->>'name' = v_question->>'name';
  END IF;
  UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE report.run_id = s.run_id;
  PERFORM audit(s.run_id::text, p_by,
    CASE p_kind WHEN 'retry' THEN 'step.retried' WHEN 'skip' THEN 'step.skipped' WHEN 'answer' THEN 'step.answered' WHEN 'extend' THEN 'step.extended' ELSE 'step.attested' END,
    jsonb_strip_nulls(jsonb_build_object('step', s.step, 'subject', nullif(s.subject, ''), 'attempt', p_attempt, 'answer', nullif(p_answer, '{}'))));
  IF v_closed THEN
    PERFORM audit(s.run_id::text, 'runner', 'run.closed', '{}');
    PERFORM audit_end_chain(s.run_id::text);
  END IF;
  verdict := 'decided'; attempt := s.attempt; what := p_kind; decided_by := p_by; decided_at := p_now; RETURN NEXT;
END $$;

-- In a cancelled run nothing is begun, waited for or asked any more, but for what outlives it.
CREATE OR REPLACE FUNCTION stop_in_cancelled_run() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_ended_at timestamptz;
BEGIN
  SELECT r.closed_at INTO v_ended_at FROM run r WHERE r.id = NEW.run_id AND r.status = 'cancelled';
  IF FOUND AND NEW.outlives AND must_outlive(NEW.run_id, NEW.needs) THEN
    -- What it saw before the cancellation it looks at again.
    IF NEW.status = 'waiting' AND NEW.cause = 'vendor' AND NEW.after->>'cancelled' IS DISTINCT FROM 'true' THEN NEW.due_at := v_ended_at; END IF;
  ELSIF FOUND THEN
    NEW.status := step_move(OLD.status, CASE OLD.status WHEN 'running' THEN 'stop' ELSE 'cancel' END);
    NEW.cause := 'run_cancelled'; NEW.need := NULL; NEW.due_at := NULL; NEW.owner := NULL; NEW.ended_at := v_ended_at;
  END IF;
  RETURN NEW;
END $$;

-- Nothing more is begun: as in 0006. What a step of this run may have given is taken back now.
CREATE OR REPLACE FUNCTION cancel_run(p_run uuid, p_by text, p_role text, p_now timestamptz)
RETURNS TABLE (verdict text, run_status text, what text, decided_by text, decided_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE v_leaver text;
BEGIN
  SELECT r.status, r.ids->>'slack' INTO run_status, v_leaver FROM run r WHERE r.id = p_run FOR UPDATE;
  IF NOT FOUND THEN verdict := 'unknown'; RETURN NEXT; RETURN; END IF;
  IF run_status NOT IN ('awaiting_approval', 'scheduled', 'held', 'open') THEN
    verdict := 'stale';
    SELECT d.kind, d.decided_by, d.decided_at INTO what, decided_by, decided_at FROM decision d
      WHERE d.run_id = p_run AND d.step_run_id IS NULL AND d.kind IN ('cancel', 'decline');
    RETURN NEXT; RETURN;
  END IF;
  IF v_leaver = split_part(p_by, '/', 2) THEN verdict := 'is_leaver'; RETURN NEXT; RETURN; END IF;
  IF p_role NOT IN ('approver', 'admin') AND EXISTS (
    SELECT 1 FROM step_run s JOIN vendor_write w ON w.step_run_id = s.id
    WHERE s.run_id = p_run AND s.stage = 'contain' AND w.outcome IS DISTINCT FROM 'refused' AND w.outcome IS DISTINCT FROM 'deferred')
  THEN verdict := 'needs_approver'; RETURN NEXT; RETURN; END IF;
  UPDATE run r SET status = 'cancelled', closed_at = p_now, remind_at = NULL WHERE r.id = p_run;
  -- First what must still be done: it looks at once. Then the rest is cancelled; that trigger leaves the others alone.
  UPDATE step_run s SET due_at = NULL, status = step_move(s.status, CASE s.status WHEN 'blocked' THEN 'unblock' WHEN 'waiting' THEN 'wake' ELSE 'resume' END),
      cause = NULL, need = NULL, ready_at = p_now
    WHERE s.run_id = p_run AND s.outlives AND s.status IN ('blocked', 'waiting', 'needs_human') AND must_outlive(p_run, s.needs);
  UPDATE step_run s SET status = step_move(s.status, 'cancel'), cause = 'run_cancelled', need = NULL, due_at = NULL, ended_at = p_now
    WHERE s.run_id = p_run AND s.status IN ('blocked', 'ready', 'waiting', 'needs_human') AND NOT (s.outlives AND must_outlive(p_run, s.needs));
  INSERT INTO decision (run_id, kind, attempt, decided_by, decided_at) VALUES (p_run, 'cancel', 0, p_by, p_now);
  UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE report.run_id = p_run;
  PERFORM audit(p_run::text, p_by, 'run.cancelled', '{}');
  PERFORM audit_end_chain(p_run::text);
  verdict := 'cancelled'; run_status := 'cancelled'; decided_by := p_by; decided_at := p_now; RETURN NEXT;
END $$;
