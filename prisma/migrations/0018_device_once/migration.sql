-- A device comes back in one run at a time, and one box is ordered for it: held by the database, whichever doors opened the runs.
-- A run's devices are locked when its rows are inserted: by then it holds nothing that another new run waits for.

-- What a device is known by in any run: the serial number that stands on it, else the subject of its steps.
CREATE FUNCTION device_key(p_subject text, p_facts jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(upper(nullif(p_facts->>'serial', '')), p_subject)
$$;
CREATE INDEX step_run_device ON step_run (device_key(subject, facts)) WHERE stage = 'device' AND subject <> '';

-- Which of these devices another run fetches (`is_live`), or has ordered a box for that nobody has received a device out of.
CREATE FUNCTION device_elsewhere(p_keys text[], p_run uuid) RETURNS TABLE (key text, run_id uuid, code text, is_live boolean) LANGUAGE sql STABLE AS $$
  SELECT DISTINCT ON (1) * FROM (
    SELECT device_key(s.subject, s.facts), r.id, r.code, r.status IN ('awaiting_approval', 'scheduled', 'held', 'open') AND NOT step_has_ended(s.status) AS is_live
    FROM step_run s JOIN run r ON r.id = s.run_id
    WHERE s.stage = 'device' AND s.subject <> '' AND device_key(s.subject, s.facts) = ANY (p_keys) AND r.id IS DISTINCT FROM p_run
      AND (r.status IN ('awaiting_approval', 'scheduled', 'held', 'open') AND NOT step_has_ended(s.status)
        OR s.step = 'return.ship'
          AND EXISTS (SELECT 1 FROM vendor_write w WHERE w.step_run_id = s.id AND w.outcome IS DISTINCT FROM 'refused' AND w.outcome IS DISTINCT FROM 'deferred')
          AND NOT EXISTS (SELECT 1 FROM step_run d WHERE d.run_id = s.run_id AND d.subject = s.subject AND d.step = 'return.receive' AND d.status = 'done'))
  ) AS found ORDER BY 1, is_live DESC
$$;

-- Two runs that are opened at once each see the other (23 is SQL's class of constraints that are violated): the second waits for the first one's commit, and is refused whole.
CREATE FUNCTION one_return_a_device() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_run uuid; v_keys text[]; v_taken jsonb;
BEGIN
  FOR v_run IN SELECT DISTINCT a.run_id FROM added a WHERE a.stage = 'device' AND a.subject <> '' LOOP
    SELECT array_agg(DISTINCT device_key(a.subject, a.facts)) INTO v_keys FROM added a WHERE a.run_id = v_run AND a.stage = 'device' AND a.subject <> '';
    PERFORM pg_advisory_xact_lock(4244, k.hash) FROM (SELECT DISTINCT hashtext(key) AS hash FROM unnest(v_keys) AS key ORDER BY 1) AS k;
    SELECT jsonb_agg(e.code) INTO v_taken FROM device_elsewhere(v_keys, v_run) e
      WHERE e.is_live OR EXISTS (SELECT 1 FROM added a WHERE a.run_id = v_run AND a.step = 'return.ship' AND device_key(a.subject, a.facts) = e.key);
    IF v_taken IS NOT NULL THEN
      RAISE EXCEPTION 'a device comes back in another run: %', v_taken USING ERRCODE = '23D18';
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER one_return_a_device AFTER INSERT ON step_run REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION one_return_a_device();
