-- Legal hold: an approver keeps what a person had from being removed. It stands on the run; what it blocks says each step.
-- Lock order as in 0002: run, step_run, report, audit head. An operator's row is locked after its run.

-- Each hold ever set: by, at, reason, and how it was lifted (null: it stands). Their number is the fence of a window about it.
ALTER TABLE run ADD COLUMN holds jsonb NOT NULL DEFAULT '[]';
ALTER TABLE run ADD CONSTRAINT run_hold_is_told CHECK (hold = coalesce(holds->-1->'lifted' = 'null'::jsonb, false));

-- What a worker needs to run one attempt, and what its earlier attempts left behind.
CREATE OR REPLACE FUNCTION claimed_step(p_step_run uuid, p_deadline_ms int) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'id', s.id, 'step', s.step, 'subject', s.subject, 'attempt', s.attempt, 'failures', s.failures,
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

-- The last word before a write is sent: as in 0011, but not for what a legal hold keeps.
CREATE OR REPLACE FUNCTION intend_write(p_step_run uuid, p_attempt int, p_instance int, p_write jsonb, p_answers jsonb, p_deadline_ms int, p_now timestamptz)
RETURNS TABLE (verdict text, write_id bigint, wait_ms int) LANGUAGE plpgsql AS $$
DECLARE s record; v_paused timestamptz; v_wait numeric;
BEGIN
  -- A hold set in this moment is waited for, or waits: no such write is begun once it stands. Lock order: run, step_run.
  IF (p_write->>'blockedByHold')::boolean THEN
    PERFORM 1 FROM run r WHERE r.id = (SELECT sr.run_id FROM step_run sr WHERE sr.id = p_step_run) FOR SHARE;
  END IF;
  SELECT sr.*, r.hold AND coalesce((p_write->>'blockedByHold')::boolean, false) AS is_held, run_allows(r.status, r.policy, sr.stage) OR sr.outlives AND r.status = 'cancelled' AS may INTO s FROM step_run sr JOIN run r ON r.id = sr.run_id WHERE sr.id = p_step_run FOR UPDATE OF sr;
  PERFORM settle_writes(s.run_id, s.step, p_answers, p_now);
  wait_ms := 0;
  IF s.status <> 'running' OR s.attempt <> p_attempt OR s.owner IS DISTINCT FROM p_instance THEN verdict := 'fenced'; RETURN NEXT; RETURN; END IF;
  IF NOT s.may THEN verdict := 'cancelled'; RETURN NEXT; RETURN; END IF;
  IF s.is_held THEN verdict := 'held'; RETURN NEXT; RETURN; END IF;
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

-- A step that waits for the end of a hold has no due moment. Where the hold was lifted between its claim and its record, it is due at once.
CREATE FUNCTION wait_only_while_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM run r WHERE r.id = NEW.run_id AND r.hold) THEN NEW.due_at := 'epoch'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER held_steps_wake BEFORE UPDATE OF status ON step_run FOR EACH ROW
  WHEN (NEW.status = 'waiting' AND NEW.cause = 'legal_hold') EXECUTE FUNCTION wait_only_while_held();

-- An approver's hold or its lifting, once, for as many holds as the window was drawn with. 'stale': somebody was faster, or the
-- run has ended. Who may is read here, as the operator's row says now. The same submit again finds its own.
CREATE FUNCTION hold_run(p_run uuid, p_number int, p_kind text, p_by text, p_reason text, p_now timestamptz)
RETURNS TABLE (verdict text, run_status text, what text, decided_by text, decided_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE r record; v_role text; v_last jsonb; v_said jsonb;
BEGIN
  SELECT u.* INTO r FROM run u WHERE u.id = p_run FOR UPDATE;
  IF NOT FOUND THEN verdict := 'unknown'; RETURN NEXT; RETURN; END IF;
  SELECT o.role INTO v_role FROM operator o WHERE o.team_id = split_part(p_by, '/', 1) AND o.user_id = split_part(p_by, '/', 2)
    AND o.removed_at IS NULL FOR SHARE;
  verdict := CASE
    WHEN v_role IS NULL OR r.requested_by LIKE '%/%' AND split_part(r.requested_by, '/', 1) <> split_part(p_by, '/', 1) THEN 'not_operator'
    WHEN r.ids->>'slack' = split_part(p_by, '/', 2) THEN 'is_leaver'
    WHEN v_role NOT IN ('approver', 'admin') THEN 'needs_approver' END;
  IF verdict IS NOT NULL THEN RETURN NEXT; RETURN; END IF;
  v_last := r.holds->-1;
  v_said := CASE WHEN r.hold THEN v_last ELSE v_last->'lifted' END;
  IF v_said->>'by' = p_by AND v_said->>'reason' = p_reason AND r.hold = (p_kind = 'hold')
    AND jsonb_array_length(r.holds) = p_number + (p_kind = 'hold')::int
  THEN verdict := 'decided'; RETURN NEXT; RETURN; END IF;
  IF r.status NOT IN ('awaiting_approval', 'scheduled', 'held', 'open') OR r.hold = (p_kind = 'hold') OR jsonb_array_length(r.holds) <> p_number THEN
    verdict := 'stale'; run_status := r.status;
    IF v_said IS NOT NULL AND r.status IN ('awaiting_approval', 'scheduled', 'held', 'open') THEN
      what := CASE WHEN r.hold THEN 'hold' ELSE 'lift' END; decided_by := v_said->>'by'; decided_at := (v_said->>'at')::timestamptz;
    END IF;
    RETURN NEXT; RETURN;
  END IF;
  v_said := jsonb_build_object('by', p_by, 'at', p_now, 'reason', p_reason);
  IF p_kind = 'hold' THEN
    UPDATE run u SET hold = true, holds = u.holds || (v_said || '{"lifted": null}') WHERE u.id = p_run;
  ELSE
    UPDATE run u SET hold = false, holds = jsonb_set(u.holds, '{-1,lifted}', v_said) WHERE u.id = p_run;
    UPDATE step_run s SET status = step_move(s.status, 'wake'), due_at = NULL WHERE s.run_id = p_run AND s.status = 'waiting' AND s.cause = 'legal_hold';
  END IF;
  UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE report.run_id = p_run;
  PERFORM audit(p_run::text, p_by, CASE p_kind WHEN 'hold' THEN 'run.held' ELSE 'run.hold_lifted' END, jsonb_build_object('reason', p_reason));
  verdict := 'decided'; RETURN NEXT;
END $$;
