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

-- As in 0006, but that evidence which somebody resumed in a closed run may be written: the ticket. All others have ended there.
CREATE OR REPLACE FUNCTION run_allows(p_status text, p_policy jsonb, p_stage text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT p_status = 'open' OR p_status = 'closed' AND p_stage = 'evidence' OR p_status = 'awaiting_approval' AND p_stage = 'contain'
    AND coalesce((p_policy->>'protected.containBeforeApproval')::boolean, false)
$$;

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
