-- Nothing waits for the ticket: a run whose only open end is a ticket that needs somebody is closed. What is asked stays asked,
-- and can be answered in the closed run.

-- As in 0003, but for the ticket that waits for a person.
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
  IF EXISTS (SELECT 1 FROM step_run WHERE run_id = p_run AND step <> 'watch' AND NOT step_has_ended(status)
      AND NOT (step = 'jira.ticket' AND status = 'needs_human')) THEN RETURN false; END IF;
  UPDATE run SET status = 'closed', closed_at = p_now WHERE id = p_run AND status = 'open';
  RETURN FOUND;
END $$;

-- As in 0002, but that a step which somebody resumed in a closed run may write. All others have ended there.
CREATE OR REPLACE FUNCTION intend_write(p_step_run uuid, p_attempt int, p_instance int, p_write jsonb, p_answers jsonb, p_deadline_ms int, p_now timestamptz)
RETURNS TABLE (verdict text, write_id bigint, wait_ms int) LANGUAGE plpgsql AS $$
DECLARE s record; v_paused timestamptz; v_wait numeric;
BEGIN
  SELECT sr.*, r.status AS run_status INTO s FROM step_run sr JOIN run r ON r.id = sr.run_id WHERE sr.id = p_step_run FOR UPDATE OF sr;
  PERFORM settle_writes(s.run_id, s.step, p_answers, p_now);
  wait_ms := 0;
  IF s.status <> 'running' OR s.attempt <> p_attempt OR s.owner IS DISTINCT FROM p_instance THEN verdict := 'fenced'; RETURN NEXT; RETURN; END IF;
  IF s.run_status NOT IN ('open', 'closed') THEN verdict := 'cancelled'; RETURN NEXT; RETURN; END IF;
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

-- The ticket asks somebody, and nothing else is left: the run ends now, at the moment its last step did. What ends after the
-- run ends its chain anew. At commit, so that the order of locks and of events is that of every record.
CREATE FUNCTION ticket_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_at timestamptz; v_run record;
BEGIN
  PERFORM 1 FROM run r WHERE r.id = NEW.run_id FOR UPDATE;
  IF NEW.status = 'needs_human' THEN
    SELECT greatest(max(s.ended_at), max(s.started_at)) INTO v_at FROM step_run s WHERE s.run_id = NEW.run_id;
    IF close_if_ended(NEW.run_id, v_at) THEN
      PERFORM audit(NEW.run_id::text, 'runner', 'run.closed', '{}');
      PERFORM audit_end_chain(NEW.run_id::text);
    END IF;
  ELSE
    SELECT r.status, r.closed_at INTO v_run FROM run r WHERE r.id = NEW.run_id;
    IF v_run.status = 'closed' AND NEW.ended_at > v_run.closed_at THEN PERFORM audit_end_chain(NEW.run_id::text); END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ticket_moved AFTER UPDATE OF status ON step_run DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.step = 'jira.ticket' AND OLD.status IS DISTINCT FROM NEW.status AND NEW.status IN ('needs_human', 'done', 'skipped'))
  EXECUTE FUNCTION ticket_moved();
