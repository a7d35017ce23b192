-- What people decide about a step or a run: retry, skip, attest, cancel, reopen. Each is one statement, and counts once.
-- Lock order as in 0002: run, step_run, report, audit head.

-- A person says it is done: the next attempt looks, writes nothing, and records what it saw.
INSERT INTO step_transition (status, event, becomes) VALUES ('running', 'attest', 'done');

-- The attempt that a person attested. What runs after it only looks, unless the step was resumed or reopened since.
ALTER TABLE step_run ADD COLUMN attested_attempt int;

-- What a worker needs to run one attempt, and what its earlier attempts left behind.
CREATE OR REPLACE FUNCTION claimed_step(p_step_run uuid, p_deadline_ms int) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'id', s.id, 'step', s.step, 'subject', s.subject, 'attempt', s.attempt, 'failures', s.failures,
    'resumedAttempt', s.resumed_attempt, 'attestedAttempt', s.attested_attempt, 'openedAt', s.opened_at, 'before', s.before, 'vendor', s.vendor,
    'waitMs', greatest(0, ceil(extract(epoch FROM (s.taken_over_at + p_deadline_ms * interval '1 millisecond' - clock_timestamp())) * 1000))::int,
    'run', jsonb_build_object('id', r.id, 'code', r.code, 'ids', r.ids, 'policy', r.policy, 'requestedAt', r.requested_at),
    'writes', coalesce((SELECT jsonb_agg(jsonb_build_object('id', w.id, 'effect', w.effect, 'target', w.target, 'attempt', w.attempt,
        'requestHash', w.request_hash, 'intendedAt', w.intended_at, 'answeredAt', w.answered_at, 'outcome', w.outcome,
        'receipt', w.receipt, 'searches', w.searches, 'searchedAt', w.searched_at) ORDER BY w.id)
      FROM vendor_write w WHERE w.step_run_id = s.id AND w.intended_at >= s.opened_at), '[]'),
    'decisions', coalesce((SELECT jsonb_agg(jsonb_build_object('kind', d.kind, 'by', d.decided_by, 'at', d.decided_at, 'answer', d.answer)
        ORDER BY d.decided_at) FROM decision d WHERE d.step_run_id = s.id), '[]'))
  FROM step_run s JOIN run r ON r.id = s.run_id WHERE s.id = p_step_run
$$;

-- One of its needs can never be met any more: what it waits to see satisfied was skipped or cancelled.
CREATE FUNCTION step_is_stranded(p_run uuid, p_needs jsonb) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM jsonb_array_elements(p_needs) AS g(alternatives) WHERE NOT EXISTS (
    SELECT 1 FROM jsonb_array_elements(g.alternatives) AS a(need)
    WHERE a.need->>'until' <> 'satisfied' OR NOT EXISTS (
      SELECT 1 FROM step_run s WHERE s.run_id = p_run AND s.step = a.need->>'step' AND s.status IN ('skipped', 'cancelled'))))
$$;

-- A run with a step that nothing can start would never close: such a step is passed over, and what waited for its end is freed.
CREATE OR REPLACE FUNCTION close_if_ended(p_run uuid, p_now timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE s record; v_more boolean := true;
BEGIN
  WHILE v_more LOOP
    v_more := false;
    FOR s IN UPDATE step_run b SET status = step_move(b.status, 'skip'), cause = 'cannot_start', ended_at = p_now
      WHERE b.run_id = p_run AND b.status = 'blocked' AND step_is_stranded(p_run, b.needs) RETURNING b.step, b.subject
    LOOP
      v_more := true;
      PERFORM audit(p_run::text, 'runner', 'step.skip', jsonb_strip_nulls(jsonb_build_object('step', s.step, 'subject', nullif(s.subject, ''),
        'cause', 'cannot_start')));
    END LOOP;
    IF v_more THEN PERFORM release_steps(p_run, 0, 0, '{}', 0, p_now); END IF;
  END LOOP;
  IF EXISTS (SELECT 1 FROM step_run WHERE run_id = p_run AND step <> 'watch' AND NOT step_has_ended(status)) THEN RETURN false; END IF;
  UPDATE run SET status = 'closed', closed_at = p_now WHERE id = p_run AND status = 'open';
  RETURN FOUND;
END $$;

DROP FUNCTION retry_step(uuid, int, text, timestamptz);

-- A person's retry, skip or attest: counts once, for the attempt the button was drawn for. 'stale': somebody or something was
-- faster. 'needs_approver': it would leave access open on one operator's word. Role: as the verb has just read it.
CREATE FUNCTION decide_step(p_step_run uuid, p_attempt int, p_kind text, p_by text, p_role text, p_answer jsonb, p_now timestamptz)
RETURNS TABLE (verdict text, status step_status, attempt int, what text, decided_by text, decided_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE s record; v_fits boolean; v_closed boolean := false;
BEGIN
  SELECT sr.run_id INTO s FROM step_run sr WHERE sr.id = p_step_run;
  IF NOT FOUND THEN verdict := 'unknown'; RETURN NEXT; RETURN; END IF;
  PERFORM 1 FROM run r WHERE r.id = s.run_id FOR UPDATE;
  SELECT sr.* INTO s FROM step_run sr WHERE sr.id = p_step_run FOR UPDATE;
  SELECT d.kind, d.decided_by, d.decided_at INTO what, decided_by, decided_at FROM decision d
    WHERE d.run_id = s.run_id AND (d.step_run_id = s.id AND d.attempt >= p_attempt OR d.step_run_id IS NULL AND s.status = 'cancelled')
    ORDER BY d.decided_at LIMIT 1;
  v_fits := CASE p_kind
    WHEN 'retry' THEN s.status = 'needs_human' AND s.need->>'kind' IN ('failed', 'doubt')
    WHEN 'skip' THEN s.status IN ('needs_human', 'waiting', 'ready', 'blocked')
    WHEN 'attest' THEN s.status IN ('needs_human', 'waiting', 'ready') END;
  IF v_fits IS NOT TRUE OR s.attempt <> p_attempt OR what IS NOT NULL THEN
    verdict := 'stale'; status := s.status; attempt := s.attempt; RETURN NEXT; RETURN;
  END IF;
  IF p_kind <> 'retry' AND s.stage = 'contain' AND p_role NOT IN ('approver', 'admin') THEN
    verdict := 'needs_approver'; RETURN NEXT; RETURN;
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
  UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE report.run_id = s.run_id;
  PERFORM audit(s.run_id::text, p_by, CASE p_kind WHEN 'retry' THEN 'step.retried' WHEN 'skip' THEN 'step.skipped' ELSE 'step.attested' END,
    jsonb_strip_nulls(jsonb_build_object('step', s.step, 'subject', nullif(s.subject, ''), 'attempt', p_attempt, 'answer', nullif(p_answer, '{}'))));
  IF v_closed THEN
    PERFORM audit(s.run_id::text, 'runner', 'run.closed', '{}');
    PERFORM audit_end_chain(s.run_id::text);
  END IF;
  verdict := 'decided'; attempt := s.attempt; what := p_kind; decided_by := p_by; decided_at := p_now; RETURN NEXT;
END $$;

-- In a cancelled run nothing is begun, waited for or asked any more: what a running step would become next is 'cancelled'.
CREATE FUNCTION stop_in_cancelled_run() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_ended_at timestamptz;
BEGIN
  SELECT r.closed_at INTO v_ended_at FROM run r WHERE r.id = NEW.run_id AND r.status = 'cancelled';
  IF FOUND THEN
    NEW.status := step_move(OLD.status, CASE OLD.status WHEN 'running' THEN 'stop' ELSE 'cancel' END);
    NEW.cause := 'run_cancelled'; NEW.need := NULL; NEW.due_at := NULL; NEW.owner := NULL; NEW.ended_at := v_ended_at;
  END IF;
  RETURN NEW;
END $$;
-- By its name before 'only_known_moves', which then judges the move that is made.
CREATE TRIGGER cancelled_runs_stop BEFORE UPDATE OF status ON step_run FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status AND NEW.status IN ('ready', 'waiting', 'needs_human')) EXECUTE FUNCTION stop_in_cancelled_run();

-- Nothing more is begun. A running step is stopped by its next intent: at most the call that is under way still arrives.
-- Once a write that closes access may have arrived, only an approver leaves the rest open.
CREATE FUNCTION cancel_run(p_run uuid, p_by text, p_role text, p_now timestamptz)
RETURNS TABLE (verdict text, run_status text, decided_by text, decided_at timestamptz) LANGUAGE plpgsql AS $$
BEGIN
  SELECT r.status INTO run_status FROM run r WHERE r.id = p_run FOR UPDATE;
  IF NOT FOUND THEN verdict := 'unknown'; RETURN NEXT; RETURN; END IF;
  IF run_status NOT IN ('awaiting_approval', 'scheduled', 'held', 'open') THEN
    verdict := 'stale';
    SELECT d.decided_by, d.decided_at INTO decided_by, decided_at FROM decision d WHERE d.run_id = p_run AND d.step_run_id IS NULL AND d.kind = 'cancel';
    RETURN NEXT; RETURN;
  END IF;
  IF p_role NOT IN ('approver', 'admin') AND EXISTS (
    SELECT 1 FROM step_run s JOIN vendor_write w ON w.step_run_id = s.id
    WHERE s.run_id = p_run AND s.stage = 'contain' AND w.outcome IS DISTINCT FROM 'refused' AND w.outcome IS DISTINCT FROM 'deferred')
  THEN verdict := 'needs_approver'; RETURN NEXT; RETURN; END IF;
  UPDATE run r SET status = 'cancelled', closed_at = p_now WHERE r.id = p_run;
  UPDATE step_run s SET status = step_move(s.status, 'cancel'), cause = 'run_cancelled', need = NULL, due_at = NULL, ended_at = p_now
    WHERE s.run_id = p_run AND s.status IN ('blocked', 'ready', 'waiting', 'needs_human');
  INSERT INTO decision (run_id, kind, attempt, decided_by, decided_at) VALUES (p_run, 'cancel', 0, p_by, p_now);
  UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE report.run_id = p_run;
  PERFORM audit(p_run::text, p_by, 'run.cancelled', '{}');
  PERFORM audit_end_chain(p_run::text);
  verdict := 'cancelled'; run_status := 'cancelled'; decided_by := p_by; decided_at := p_now; RETURN NEXT;
END $$;

-- Steps that were seen to be no longer so, each by the attempt that had closed it, are done again. Receipts from before count no more.
CREATE FUNCTION reopen_steps(p_run uuid, p_steps jsonb, p_by text, p_now timestamptz) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE s record; v_told jsonb := '[]';
BEGIN
  PERFORM 1 FROM run r WHERE r.id = p_run AND r.status = 'open' FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  FOR s IN
    UPDATE step_run sr SET status = step_move(sr.status, 'reopen'), cause = NULL, need = NULL, failures = 0, evidence = NULL, attested_attempt = NULL,
        opened_at = p_now, ready_at = p_now, ended_at = NULL
      FROM jsonb_to_recordset(p_steps) AS x(id uuid, attempt int, seen jsonb)
      WHERE sr.id = x.id AND sr.run_id = p_run AND sr.attempt = x.attempt
        AND (sr.status = 'done' OR sr.status = 'skipped' AND sr.cause IS DISTINCT FROM 'by_hand')
      RETURNING sr.id, sr.step, sr.attempt, x.seen
  LOOP
    INSERT INTO decision (run_id, step_run_id, kind, attempt, decided_by, decided_at, answer) VALUES (p_run, s.id, 'reopen', s.attempt, p_by, p_now, s.seen)
      ON CONFLICT DO NOTHING;
    v_told := v_told || jsonb_build_object('step', s.step, 'attempt', s.attempt, 'seen', s.seen);
    RETURN NEXT s.step;
  END LOOP;
  IF v_told = '[]' THEN RETURN; END IF;
  UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE report.run_id = p_run;
  FOR s IN SELECT t.detail FROM jsonb_array_elements(v_told) AS t(detail) LOOP
    PERFORM audit(p_run::text, p_by, 'step.reopened', s.detail);
  END LOOP;
END $$;
