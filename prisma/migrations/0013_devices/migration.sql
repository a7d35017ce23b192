-- Steps that a run has once for each device: what is pinned of the device, needs of one device to the same device, sealed secrets.
-- Lock order as in 0002: run, step_run, report, audit head. A sealed secret is locked by nobody but its own statement.

-- What was confirmed of the step's subject: a serial number, a name, what shall happen to it. Never an address or a passcode.
ALTER TABLE step_run ADD COLUMN facts jsonb NOT NULL DEFAULT '{}';

-- A need may name a subject: then only that one's row of the step counts. As in 0002 otherwise.
DROP FUNCTION step_is_spent(uuid, text, bigint, timestamptz);
CREATE FUNCTION step_is_spent(p_run uuid, p_need jsonb, p_ms bigint, p_now timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (SELECT 1 FROM step_run s WHERE s.run_id = p_run AND s.step = p_need->>'step'
    AND (NOT p_need ? 'subject' OR s.subject = p_need->>'subject') AND NOT step_has_ended(s.status)
    AND NOT (s.ready_at IS NOT NULL AND s.ready_at + p_ms * interval '1 millisecond' <= p_now))
$$;

DROP FUNCTION step_is_settled(uuid, text, text);
CREATE FUNCTION step_is_settled(p_run uuid, p_need jsonb) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (SELECT 1 FROM step_run s WHERE s.run_id = p_run AND s.step = p_need->>'step'
    AND (NOT p_need ? 'subject' OR s.subject = p_need->>'subject')
    AND CASE p_need->>'until' WHEN 'satisfied' THEN s.status <> 'done' ELSE NOT step_has_ended(s.status) END)
$$;

CREATE OR REPLACE FUNCTION step_cannot_start(p_run uuid, p_step text, p_for text, p_ms bigint, p_now timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (
    SELECT 1 FROM step_run s WHERE s.run_id = p_run AND s.step = p_step AND NOT step_has_ended(s.status)
      AND NOT (s.status = 'blocked' AND EXISTS (
        SELECT 1 FROM jsonb_array_elements(s.needs) AS g(alternatives) WHERE NOT EXISTS (
          SELECT 1 FROM jsonb_array_elements(g.alternatives) AS a(need)
          WHERE a.need->>'step' <> p_for
            AND (step_is_settled(p_run, a.need) OR NOT step_is_spent(p_run, a.need, p_ms, p_now))))))
$$;

CREATE OR REPLACE FUNCTION step_need_is_met(p_run uuid, p_for text, p_need jsonb, p_now timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE p_need->>'until'
    WHEN 'tried' THEN step_is_spent(p_run, p_need, (p_need->>'ms')::bigint, p_now)
      OR step_cannot_start(p_run, p_need->>'step', p_for, (p_need->>'ms')::bigint, p_now)
    ELSE step_is_settled(p_run, p_need) END
$$;

CREATE OR REPLACE FUNCTION step_is_stranded(p_run uuid, p_needs jsonb) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM jsonb_array_elements(p_needs) AS g(alternatives) WHERE NOT EXISTS (
    SELECT 1 FROM jsonb_array_elements(g.alternatives) AS a(need)
    WHERE a.need->>'until' <> 'satisfied' OR NOT EXISTS (
      SELECT 1 FROM step_run s WHERE s.run_id = p_run AND s.step = a.need->>'step'
        AND (NOT a.need ? 'subject' OR s.subject = a.need->>'subject') AND s.status IN ('skipped', 'cancelled'))))
$$;

-- As in 0012, with what is pinned of the subject.
CREATE OR REPLACE FUNCTION claimed_step(p_step_run uuid, p_deadline_ms int) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'id', s.id, 'step', s.step, 'subject', s.subject, 'facts', s.facts, 'attempt', s.attempt, 'failures', s.failures,
    'resumedAttempt', s.resumed_attempt, 'attestedAttempt', s.attested_attempt, 'openedAt', s.opened_at, 'before', s.before, 'vendor', s.vendor,
    'waitMs', greatest(0, ceil(extract(epoch FROM (s.taken_over_at + p_deadline_ms * interval '1 millisecond' - clock_timestamp())) * 1000))::int,
    'run', jsonb_build_object('id', r.id, 'code', r.code, 'ids', r.ids, 'policy', r.policy, 'requestedAt', r.requested_at, 'hold', CASE WHEN r.hold THEN r.holds->-1 END),
    'writes', coalesce((SELECT jsonb_agg(jsonb_build_object('id', w.id, 'effect', w.effect, 'target', w.target, 'attempt', w.attempt,
        'requestHash', w.request_hash, 'intendedAt', w.intended_at, 'answeredAt', w.answered_at, 'outcome', w.outcome,
        'receipt', w.receipt, 'searches', w.searches, 'searchedAt', w.searched_at) ORDER BY w.id)
      FROM vendor_write w WHERE w.step_run_id = s.id AND w.intended_at >= s.opened_at), '[]'),
    'decisions', coalesce((SELECT jsonb_agg(jsonb_build_object('kind', d.kind, 'by', d.decided_by, 'at', d.decided_at, 'answer', d.answer)
        ORDER BY d.decided_at) FROM decision d WHERE d.step_run_id = s.id), '[]'))
  FROM step_run s JOIN run r ON r.id = s.run_id WHERE s.id = p_step_run
$$;

-- As in 0011, with what is pinned of each subject.
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
  INSERT INTO step_run (run_id, step, subject, facts, vendor, stage, priority, needs, timed, outlives, status, opened_at)
    SELECT v_id, x.step, x.subject, coalesce(x.facts, '{}'), x.vendor, x.stage, x.priority, x.needs, x.timed, coalesce(x.outlives, false), 'blocked', p_now
    FROM jsonb_to_recordset(p_steps) AS x(step text, subject text, facts jsonb, vendor text, stage text, priority int, needs jsonb, timed boolean, outlives boolean);
  INSERT INTO report (key, audience, run_id) VALUES ('slack:' || v_id, 'slack', v_id);
  kind := 'opened'; run_id := v_id; code := v_code; RETURN NEXT;
  FOR c IN SELECT r.claimed FROM release_steps(v_id, p_instance, p_take, p_vendors, p_deadline_ms, p_now) r LOOP
    kind := CASE WHEN c.claimed IS NULL THEN 'left' ELSE 'mine' END; claimed := c.claimed; RETURN NEXT;
  END LOOP;
  PERFORM audit(v_id::text, p_run->>'requestedBy', CASE WHEN v_approval IS NULL THEN 'run.opened' ELSE 'run.approval_asked' END,
    jsonb_build_object('code', v_code, 'kind', p_run->>'kind', 'person', p_run->>'personId',
    'trigger', p_run->>'trigger', 'plan', p_run->>'planHash', 'policy', p_run->>'policyHash', 'steps', jsonb_path_query_array(p_steps, '$[*].step')));
END $$;

-- Passcodes and home addresses: AES-256-GCM under a data key of their own, which is wrapped by the key ring's newest key. Sealed
-- once: whoever comes second reads the first one's, so that every attempt at a step has the same value.
CREATE TABLE sealed_secret (
  run_id uuid NOT NULL REFERENCES run (id),
  subject text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('passcode', 'address')),
  key_version int NOT NULL,
  wrapped_key bytea NOT NULL,
  sealed bytea NOT NULL,
  sealed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, subject, kind)
);
CREATE INDEX sealed_secret_by_key ON sealed_secret (key_version);

-- As in 0011, with windows of inputs, and people whose answer does not count.
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
    WHEN 'answer' THEN s.status = 'needs_human' AND p_answer ? (CASE v_question->>'kind' WHEN 'approve' THEN 'approved' WHEN 'choose_person' THEN 'person' WHEN 'form' THEN 'fields' END)
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
      WHEN coalesce(v_question->'never' ? p_by, false) THEN 'own_request'
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
