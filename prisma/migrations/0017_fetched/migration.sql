-- What happens when a device comes back, or does not: reminders of a question that nobody answers, and the write-off of a lost device.
-- Lock order as in 0002: run, step_run, report, audit head.

-- How many of its question's reminders are due; the newest is told.
ALTER TABLE step_run ADD COLUMN reminders int NOT NULL DEFAULT 0;
-- Few, and looked for at every sweep.
CREATE INDEX step_run_reminded ON step_run (id) WHERE status = 'needs_human' AND need->'question' ? 'remindAfterDays';

-- A device that was given up is locked, whoever left it unlocked before: the write-off says so, and stands for the answer. The caller holds the run.
CREATE FUNCTION lock_lost(p_run uuid, p_subject text, p_by text, p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE o record;
BEGIN
  FOR o IN SELECT sr.id, sr.step, sr.attempt, sr.status FROM step_run sr WHERE sr.run_id = p_run AND sr.step = 'jamf.lock' AND sr.subject = p_subject
      AND (sr.status = 'needs_human' AND sr.need->'question'->>'name' = 'lock_now'
        OR sr.status = 'skipped' AND sr.cause IN ('left_unlocked', 'by_hand')) FOR UPDATE LOOP
    UPDATE step_run sr SET cause = NULL, need = NULL, failures = 0, evidence = NULL, attested_attempt = NULL, ended_at = NULL,
        status = step_move(sr.status, CASE sr.status WHEN 'skipped' THEN 'reopen' ELSE 'resume' END),
        opened_at = CASE sr.status WHEN 'skipped' THEN p_now ELSE sr.opened_at END, ready_at = CASE sr.status WHEN 'skipped' THEN p_now ELSE sr.ready_at END
      WHERE sr.id = o.id;
    INSERT INTO decision (run_id, step_run_id, kind, attempt, decided_by, decided_at, answer)
      VALUES (p_run, o.id, 'answer', o.attempt, p_by, p_now, '{"approved": true, "question": "lock_now", "because": "written_off"}')
      ON CONFLICT DO NOTHING;
    PERFORM audit(p_run::text, p_by, CASE o.status WHEN 'skipped' THEN 'step.reopened' ELSE 'step.answered' END,
      jsonb_build_object('step', o.step, 'subject', p_subject, 'attempt', o.attempt, 'because', 'written_off'));
  END LOOP;
END $$;

-- As in 0013, with the write-off of a device.
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
    WHEN 'extend' THEN s.status = 'waiting' AND s.after ? 'latestEnd'
    WHEN 'write_off' THEN s.status = 'needs_human' AND coalesce((v_question->>'canWriteOff')::boolean, false) END;
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
  IF p_kind = 'write_off' AND p_role NOT IN ('approver', 'admin') THEN verdict := 'needs_approver'; RETURN NEXT; RETURN; END IF;
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
  IF p_kind = 'write_off' THEN PERFORM lock_lost(s.run_id, s.subject, p_by, p_now); END IF;
  UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE report.run_id = s.run_id;
  PERFORM audit(s.run_id::text, p_by,
    CASE p_kind WHEN 'retry' THEN 'step.retried' WHEN 'skip' THEN 'step.skipped' WHEN 'answer' THEN 'step.answered' WHEN 'extend' THEN 'step.extended' WHEN 'write_off' THEN 'step.written_off' ELSE 'step.attested' END,
    jsonb_strip_nulls(jsonb_build_object('step', s.step, 'subject', nullif(s.subject, ''), 'attempt', p_attempt, 'answer', nullif(p_answer, '{}'))));
  IF v_closed THEN
    PERFORM audit(s.run_id::text, 'runner', 'run.closed', '{}');
    PERFORM audit_end_chain(s.run_id::text);
  END IF;
  verdict := 'decided'; attempt := s.attempt; what := p_kind; decided_by := p_by; decided_at := p_now; RETURN NEXT;
END $$;

-- As in 0006, with reminders of questions.
CREATE OR REPLACE FUNCTION sweep(p_me int, p_lease_ms int, p_now timestamptz)
RETURNS TABLE (taken_over int, woken int, ready int, in_hand int, adoptable int, undrawn int, next_due_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE r record; gone int[]; told jsonb := '[]';
BEGIN
  UPDATE instance SET seen_at = now() WHERE num = p_me;
  taken_over := 0; woken := 0;
  IF EXISTS (SELECT 1 FROM step_run s WHERE s.status = 'running' AND s.owner <> p_me)
     OR EXISTS (SELECT 1 FROM report p WHERE p.owner <> p_me) OR EXISTS (SELECT 1 FROM inbound_delivery d WHERE d.handled_at IS NULL AND d.owner <> p_me) THEN
    gone := ARRAY(SELECT gone_instances(p_me, p_lease_ms));
    FOR r IN
      WITH c AS (SELECT s.id FROM step_run s WHERE s.status = 'running' AND s.owner = ANY (gone) FOR UPDATE SKIP LOCKED)
      UPDATE step_run s SET status = step_move(s.status, 'lapse'), owner = NULL, taken_over_at = clock_timestamp() FROM c WHERE s.id = c.id
        RETURNING s.run_id, s.step, s.attempt
    LOOP
      taken_over := taken_over + 1;
      told := told || jsonb_build_object('run', r.run_id, 'action', 'step.taken_over',
        'detail', jsonb_build_object('step', r.step, 'attempt', r.attempt, 'by', p_me));
    END LOOP;
    UPDATE report p SET owner = NULL, retry_at = now() WHERE p.owner = ANY (gone);
    UPDATE inbound_delivery d SET owner = NULL WHERE d.handled_at IS NULL AND d.owner = ANY (gone);
  END IF;
  WITH c AS (SELECT s.id FROM step_run s WHERE s.status = 'waiting' AND s.due_at <= p_now FOR UPDATE SKIP LOCKED)
  UPDATE step_run s SET status = step_move(s.status, 'wake'), due_at = NULL FROM c WHERE s.id = c.id;
  GET DIAGNOSTICS woken = ROW_COUNT;
  FOR r IN SELECT DISTINCT s.run_id FROM step_run s JOIN run ON run.id = s.run_id AND run_allows(run.status, run.policy, s.stage) WHERE s.status = 'blocked' AND s.timed LOOP
    PERFORM 1 FROM run WHERE run.id = r.run_id FOR UPDATE SKIP LOCKED;
    IF FOUND THEN
      woken := woken + (SELECT count(*) FROM release_steps(r.run_id, p_me, 0, '{}', 0, p_now))::int;
    END IF;
  END LOOP;
  FOR r IN
    WITH c AS (SELECT u.id FROM run u WHERE u.status = 'awaiting_approval' AND u.remind_at <= p_now FOR UPDATE SKIP LOCKED)
    UPDATE run u SET reminders = u.reminders + 1,
        remind_at = p_now + coalesce((u.policy->>'protected.remindAfterHours')::int, 4) * interval '1 hour'
      FROM c WHERE u.id = c.id RETURNING u.id, u.reminders
  LOOP
    woken := woken + 1;
    UPDATE report p SET wanted = p.wanted + 1, wanted_at = CASE WHEN p.wanted = p.drawn THEN now() ELSE p.wanted_at END WHERE p.run_id = r.id;
    told := told || jsonb_build_object('run', r.id, 'action', 'run.approval_reminded', 'detail', jsonb_build_object('times', r.reminders));
  END LOOP;
  FOR r IN
    WITH c AS (
      SELECT s.id, (SELECT count(*) FROM jsonb_array_elements_text(s.need->'question'->'remindAfterDays') AS d(days)
          WHERE s.started_at + d.days::int * interval '1 day' <= p_now)::int AS due
        FROM step_run s JOIN run ON run.id = s.run_id AND run.status = 'open'
        WHERE s.status = 'needs_human' AND s.need->'question' ? 'remindAfterDays' FOR UPDATE OF s SKIP LOCKED)
    UPDATE step_run s SET reminders = c.due FROM c WHERE s.id = c.id AND s.reminders < c.due RETURNING s.run_id, s.step, s.subject, s.reminders
  LOOP
    woken := woken + 1;
    UPDATE report p SET wanted = p.wanted + 1, wanted_at = CASE WHEN p.wanted = p.drawn THEN now() ELSE p.wanted_at END WHERE p.run_id = r.run_id;
    told := told || jsonb_build_object('run', r.run_id, 'action', 'step.reminded',
      'detail', jsonb_strip_nulls(jsonb_build_object('step', r.step, 'subject', nullif(r.subject, ''), 'times', r.reminders)));
  END LOOP;
  SELECT count(*) FILTER (WHERE s.status = 'ready'), count(*) FILTER (WHERE s.status = 'running') INTO ready, in_hand
    FROM step_run s WHERE s.status IN ('ready', 'running');
  SELECT count(*) INTO adoptable FROM inbound_delivery d WHERE d.handled_at IS NULL AND d.owner IS NULL;
  SELECT count(*) INTO undrawn FROM report p WHERE p.wanted > p.drawn AND p.owner IS NULL;
  SELECT min(s.due_at) INTO next_due_at FROM step_run s WHERE s.status = 'waiting';
  SELECT least(next_due_at, min(u.remind_at)) INTO next_due_at FROM run u WHERE u.status = 'awaiting_approval';
  SELECT least(next_due_at, min(s.started_at + d.days::int * interval '1 day')) INTO next_due_at
    FROM step_run s JOIN run ON run.id = s.run_id AND run.status = 'open'
      CROSS JOIN LATERAL jsonb_array_elements_text(s.need->'question'->'remindAfterDays') WITH ORDINALITY AS d(days, nth)
    WHERE s.status = 'needs_human' AND s.need->'question' ? 'remindAfterDays' AND d.nth > s.reminders;
  IF EXISTS (SELECT 1 FROM step_run s JOIN run ON run.id = s.run_id AND run_allows(run.status, run.policy, s.stage) WHERE s.status = 'blocked' AND s.timed) THEN
    next_due_at := least(next_due_at, p_now + interval '1 second');
  END IF;
  -- Last, and runs in one order: two sweeps, or a sweep and a record, never wait for each other's chains in a circle.
  FOR r IN SELECT t->>'run' AS run, t->>'action' AS action, t->'detail' AS detail FROM jsonb_array_elements(told) AS t ORDER BY 1 LOOP
    PERFORM audit(r.run, 'runner', r.action, r.detail);
  END LOOP;
  RETURN NEXT;
END $$;
