-- App Home: a picture for each viewer, and the allow-list changed from there.

-- When its viewer last opened it (the database's clock). Only pictures seen of late are redrawn when state changes.
ALTER TABLE report ADD COLUMN seen_at timestamptz;

-- Every Home opened in the last seven days is due again, and p_also however old it is. Locked in one order: two of these never wait for each other in a circle.
CREATE FUNCTION want_homes(p_also text) RETURNS void LANGUAGE sql AS $$
  WITH h AS (SELECT r.key FROM report r WHERE r.seen_at > now() - interval '7 days' OR r.key = p_also ORDER BY r.key FOR UPDATE)
  UPDATE report r SET wanted = r.wanted + 1, wanted_at = CASE WHEN r.wanted = r.drawn THEN now() ELSE r.wanted_at END FROM h WHERE r.key = h.key
$$;

-- Whoever changes the list (Home, command line), every Home shows it; the one of whoever was taken off however old it is.
CREATE FUNCTION operator_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM want_homes('home:' || NEW.team_id || '/' || NEW.user_id);
  RETURN NULL;
END $$;
CREATE TRIGGER redraw_homes AFTER INSERT OR UPDATE ON operator FOR EACH ROW EXECUTE FUNCTION operator_changed();

-- An admin's change of the list. p_role NULL: taken off. One at a time, so that two never remove each other as the last admins.
CREATE FUNCTION change_operator(p_by_team text, p_by_user text, p_team text, p_user text, p_role text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_was text; v_by text := p_by_team || '/' || p_by_user;
BEGIN
  PERFORM pg_advisory_xact_lock(4243, hashtext('operators'));
  IF NOT EXISTS (SELECT 1 FROM operator o WHERE o.team_id = p_by_team AND o.user_id = p_by_user AND o.role = 'admin' AND o.removed_at IS NULL) THEN
    RETURN 'not_admin';
  END IF;
  SELECT o.role INTO v_was FROM operator o WHERE o.team_id = p_team AND o.user_id = p_user AND o.removed_at IS NULL;
  IF v_was IS NOT DISTINCT FROM p_role THEN RETURN 'unchanged'; END IF;
  IF v_was = 'admin' AND NOT EXISTS (SELECT 1 FROM operator o WHERE o.team_id = p_team AND o.role = 'admin'
      AND o.removed_at IS NULL AND o.user_id <> p_user) THEN
    RETURN 'last_admin';
  END IF;
  IF p_role IS NULL THEN
    UPDATE operator SET removed_at = now(), removed_by = v_by WHERE team_id = p_team AND user_id = p_user;
  ELSE
    INSERT INTO operator (team_id, user_id, role, added_by) VALUES (p_team, p_user, p_role, v_by)
      ON CONFLICT (team_id, user_id) DO UPDATE SET role = p_role, added_by = v_by, added_at = now(), removed_at = NULL, removed_by = NULL;
  END IF;
  PERFORM audit('team', v_by, CASE WHEN p_role IS NULL THEN 'operator.removed' ELSE 'operator.added' END,
    jsonb_build_object('operator', p_team || '/' || p_user, 'role', p_role));
  RETURN 'changed';
END $$;
