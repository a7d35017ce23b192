-- The watch: 1, 7, 30 and 60 days later every closed door is looked at again, also of a run that has closed. What is open again an
-- operator has cut again by one word, which opens the run and exactly those steps once more.

-- As in 0013, with when its needs were met: for a watch the moment that access ended.
CREATE OR REPLACE FUNCTION claimed_step(p_step_run uuid, p_deadline_ms int) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'id', s.id, 'step', s.step, 'subject', s.subject, 'facts', s.facts, 'attempt', s.attempt, 'failures', s.failures,
    'resumedAttempt', s.resumed_attempt, 'attestedAttempt', s.attested_attempt, 'openedAt', s.opened_at, 'readyAt', s.ready_at, 'before', s.before, 'vendor', s.vendor,
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

-- Cut again: counts once a watch, for the reading that the button was drawn for. 'stale': somebody was faster, here or on another
-- day's message. 'live_elsewhere': another run of this person is under way, and looks at the same doors. A closed run is open again.
CREATE FUNCTION cut_again(p_watch uuid, p_attempt int, p_by text, p_now timestamptz)
RETURNS TABLE (verdict text, status step_status, attempt int, what text, decided_by text, decided_at timestamptz, other text) LANGUAGE plpgsql AS $$
DECLARE w record; r record; v_steps jsonb; v_names jsonb;
BEGIN
  SELECT s.run_id INTO w FROM step_run s WHERE s.id = p_watch AND s.step = 'watch';
  IF NOT FOUND THEN verdict := 'unknown'; RETURN NEXT; RETURN; END IF;
  SELECT u.* INTO r FROM run u WHERE u.id = w.run_id FOR UPDATE;
  SELECT s.* INTO w FROM step_run s WHERE s.id = p_watch FOR UPDATE;
  SELECT d.kind, d.decided_by, d.decided_at INTO what, decided_by, decided_at FROM decision d JOIN step_run s ON s.id = d.step_run_id
    WHERE d.run_id = r.id AND d.kind = 'cut_again' AND s.step = 'watch' AND d.decided_at >= w.ended_at ORDER BY d.decided_at LIMIT 1;
  IF w.status <> 'done' OR w.attempt <> p_attempt OR what IS NOT NULL OR r.status NOT IN ('open', 'closed')
      OR jsonb_array_length(coalesce(w.after->'open', '[]')) = 0 THEN
    verdict := 'stale'; status := w.status; attempt := w.attempt; RETURN NEXT; RETURN;
  END IF;
  IF r.ids->>'slack' = split_part(p_by, '/', 2) THEN verdict := 'is_leaver'; RETURN NEXT; RETURN; END IF;
  SELECT o.code INTO other FROM run o WHERE o.kind IN (r.kind, 'rehire') AND o.person_id = r.person_id AND o.id <> r.id
    AND (o.status IN ('awaiting_approval', 'scheduled', 'held', 'open') OR o.status = 'closed' AND o.requested_at > r.requested_at)
    ORDER BY o.requested_at DESC LIMIT 1;
  IF other IS NOT NULL THEN verdict := 'live_elsewhere'; RETURN NEXT; RETURN; END IF;
  SELECT jsonb_agg(jsonb_build_object('id', s.id, 'attempt', s.attempt, 'seen', jsonb_build_object('watch', w.subject))),
      jsonb_agg(trim(s.step || ' ' || s.subject) ORDER BY s.step, s.subject)
    INTO v_steps, v_names FROM step_run s
    WHERE s.run_id = r.id AND (s.status = 'done' OR s.status = 'skipped' AND s.cause IS DISTINCT FROM 'by_hand')
      AND w.after->'open' ? trim(s.step || ' ' || s.subject);
  INSERT INTO decision (run_id, step_run_id, kind, attempt, decided_by, decided_at, answer)
    VALUES (r.id, w.id, 'cut_again', p_attempt, p_by, p_now, jsonb_build_object('steps', coalesce(v_names, '[]')));
  UPDATE run u SET status = 'open', closed_at = NULL WHERE u.id = r.id AND u.status = 'closed';
  UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE report.run_id = r.id;
  PERFORM audit(r.id::text, p_by, 'run.cut_again', jsonb_build_object('step', w.step, 'subject', w.subject, 'attempt', p_attempt,
    'steps', coalesce(v_names, '[]')));
  PERFORM reopen_steps(r.id, coalesce(v_steps, '[]'), p_by, p_now);
  -- Where nothing of it is left to open (a step moved meanwhile) the run ends again at once.
  IF close_if_ended(r.id, p_now) THEN
    PERFORM audit(r.id::text, 'runner', 'run.closed', '{}');
    PERFORM audit_end_chain(r.id::text);
  END IF;
  verdict := 'decided'; attempt := p_attempt; what := 'cut_again'; decided_by := p_by; decided_at := p_now; RETURN NEXT;
END $$;

-- What a watch says after its run has ended ends the run's chain anew. At commit, after its own event.
CREATE FUNCTION watch_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM audit_end_chain(r.id::text) FROM run r WHERE r.id = NEW.run_id AND r.status = 'closed';
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER watch_moved AFTER UPDATE OF status ON step_run DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.step = 'watch' AND OLD.status = 'running' AND NEW.status <> 'running') EXECUTE FUNCTION watch_moved();

-- The runs whose newest watch found something open: what a Home lists.
CREATE INDEX step_run_watch ON step_run (run_id) WHERE step = 'watch' AND status = 'done';

-- What the nightly sweep found and what the channel was told of it: told once, and again each week while it is still so.
CREATE TABLE sweep_finding (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  key text NOT NULL UNIQUE,
  kind text NOT NULL,
  facts jsonb NOT NULL,
  -- Business time.
  found_at timestamptz(3) NOT NULL,
  told_at timestamptz(3)
);
