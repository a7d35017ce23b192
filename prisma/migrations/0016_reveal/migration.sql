-- Who looks at a passcode: asked, counted and written down in one statement, before anybody sees it.
-- Lock order as in 0002: run, step_run, report, audit head. An operator's row is locked after its run.

-- 'may': it is in the audit log now, and may be shown. p_roles: who may; p_most: looks of one operator an hour, by the database's clock.
CREATE FUNCTION reveal_secret(p_step_run uuid, p_by text, p_roles text[], p_reason text, p_most int)
RETURNS TABLE (verdict text, run_id uuid, subject text, adopted boolean) LANGUAGE plpgsql AS $$
DECLARE s record; r record; v_role text;
BEGIN
  SELECT sr.run_id, sr.step, sr.subject, sr.attempt, sr.after INTO s FROM step_run sr WHERE sr.id = p_step_run;
  IF NOT FOUND THEN verdict := 'unknown'; RETURN NEXT; RETURN; END IF;
  SELECT u.requested_by, u.ids INTO r FROM run u WHERE u.id = s.run_id FOR UPDATE;
  SELECT o.role INTO v_role FROM operator o WHERE o.team_id = split_part(p_by, '/', 1) AND o.user_id = split_part(p_by, '/', 2)
    AND o.removed_at IS NULL FOR SHARE;
  verdict := CASE
    WHEN v_role IS NULL OR r.requested_by LIKE '%/%' AND split_part(r.requested_by, '/', 1) <> split_part(p_by, '/', 1) THEN 'not_operator'
    WHEN r.ids->>'slack' = split_part(p_by, '/', 2) THEN 'is_leaver'
    WHEN NOT v_role = ANY (p_roles) THEN 'needs_approver'
    WHEN (SELECT count(*) FROM audit_event a WHERE a.actor = p_by AND a.action = 'secret.revealed' AND a.at > clock_timestamp() - interval '1 hour') >= p_most
      THEN 'too_many' END;
  IF verdict IS NOT NULL THEN RETURN NEXT; RETURN; END IF;
  PERFORM audit(s.run_id::text, p_by, 'secret.revealed', jsonb_strip_nulls(jsonb_build_object('step', s.step, 'subject', nullif(s.subject, ''),
    'attempt', s.attempt, 'reason', p_reason)));
  UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE report.run_id = s.run_id;
  verdict := 'may'; run_id := s.run_id; subject := s.subject; adopted := coalesce((s.after->>'adopted')::boolean, false);
  RETURN NEXT;
END $$;

CREATE INDEX audit_reveals ON audit_event (actor, at) WHERE action = 'secret.revealed';
