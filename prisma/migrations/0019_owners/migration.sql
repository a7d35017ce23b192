-- Apps outside Okta: whoever was asked about one answers it. An app owner is no operator: who may is whom the step has asked, read in
-- the statement that keeps the answer. Lock order as in 0002: run, step_run, report, audit head.

-- 'done' and 'never_had' are attestations; 'help' hands the step to operators. 'stale': answered, excepted or cancelled before.
-- 'busy': it is being looked at, or was answered by somebody else this moment; it is asked again at once.
CREATE FUNCTION answer_for_app(p_step_run uuid, p_by text, p_said text, p_words text, p_now timestamptz)
RETURNS TABLE (verdict text, status step_status, what text, said text, decided_by text, decided_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE s record; d record;
BEGIN
  SELECT sr.run_id INTO s FROM step_run sr WHERE sr.id = p_step_run AND sr.step = 'app.owner';
  IF NOT FOUND THEN verdict := 'unknown'; RETURN NEXT; RETURN; END IF;
  PERFORM 1 FROM run u WHERE u.id = s.run_id FOR UPDATE;
  SELECT sr.* INTO s FROM step_run sr WHERE sr.id = p_step_run FOR UPDATE;
  IF NOT coalesce(s.after->'asked' ? split_part(p_by, '/', 2), false) THEN verdict := 'not_asked'; RETURN NEXT; RETURN; END IF;
  status := s.status;
  SELECT c.kind, c.decided_by, c.decided_at, c.answer->>'said' AS said INTO d FROM decision c
    WHERE c.run_id = s.run_id AND (c.step_run_id = s.id AND c.kind IN ('attest', 'skip')
      OR c.step_run_id IS NULL AND c.kind IN ('cancel', 'decline') AND s.status = 'cancelled')
    ORDER BY c.decided_at DESC LIMIT 1;
  IF FOUND OR step_has_ended(s.status) THEN
    verdict := 'stale'; what := d.kind; said := d.said; decided_by := d.decided_by; decided_at := d.decided_at; RETURN NEXT; RETURN;
  END IF;
  IF s.status NOT IN ('waiting', 'needs_human') THEN verdict := 'busy'; RETURN NEXT; RETURN; END IF;
  IF p_said = 'help' THEN
    INSERT INTO decision (run_id, step_run_id, kind, attempt, decided_by, decided_at, answer)
      VALUES (s.run_id, s.id, 'help', s.attempt, p_by, p_now, jsonb_build_object('words', p_words)) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN verdict := 'busy'; RETURN NEXT; RETURN; END IF;
    UPDATE step_run sr SET cause = NULL, need = NULL, failures = 0, due_at = NULL,
        status = step_move(sr.status, CASE sr.status WHEN 'waiting' THEN 'wake' ELSE 'resume' END)
      WHERE sr.id = s.id RETURNING sr.status INTO status;
    UPDATE report r SET wanted = r.wanted + 1, wanted_at = CASE WHEN r.wanted = r.drawn THEN now() ELSE r.wanted_at END WHERE r.run_id = s.run_id;
    PERFORM audit(s.run_id::text, p_by, 'step.help_asked', jsonb_build_object('step', s.step, 'subject', s.subject, 'attempt', s.attempt,
      'answer', jsonb_build_object('words', p_words)));
    verdict := 'decided'; RETURN NEXT; RETURN;
  END IF;
  -- Only an approver attests containment, or whom the step has asked: that was looked at above.
  SELECT t.verdict INTO verdict FROM decide_step(p_step_run, s.attempt, 'attest', p_by, 'approver',
    jsonb_build_object('evidence', p_words, 'said', p_said), p_now) t;
  verdict := CASE verdict WHEN 'is_leaver' THEN 'not_asked' WHEN 'stale' THEN 'busy' ELSE verdict END;
  RETURN NEXT;
END $$;
