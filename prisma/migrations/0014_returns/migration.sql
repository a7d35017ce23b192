-- Who orders the box for a device: one run at a time, whichever vendor's list would show it how late.

-- `device`: a serial number; of a device without one its subject. Held until the run's step has ended; then whoever comes next looks at
-- the vendor's list first, where the order stands by now.
CREATE TABLE device_order (
  device text PRIMARY KEY,
  run_id uuid NOT NULL REFERENCES run (id),
  taken_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX device_order_by_run ON device_order (run_id);

-- Whether this run still orders for this device: its step has not ended.
CREATE FUNCTION device_order_is_open(p_run uuid, p_device text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM step_run s JOIN run r ON r.id = s.run_id
    WHERE s.run_id = p_run AND s.step = 'return.ship' AND NOT step_has_ended(s.status) AND r.status NOT IN ('closed', 'cancelled')
      AND coalesce(s.facts->>'serial', s.subject) = p_device)
$$;

-- The run that orders for this device: p_run where no other one does. Of two at once the second waits for the first's row, and reads
-- that row's run, which its own snapshot may not show.
CREATE FUNCTION take_device_order(p_run uuid, p_device text) RETURNS uuid LANGUAGE sql AS $$
  INSERT INTO device_order AS o (device, run_id) VALUES (p_device, p_run)
  ON CONFLICT (device) DO UPDATE SET
    run_id = CASE WHEN device_order_is_open(o.run_id, o.device) THEN o.run_id ELSE excluded.run_id END
  RETURNING run_id
$$;

-- A tracking service has news of these: looked at now. Its events say nothing that is believed.
CREATE FUNCTION wake_parcels(p_code text, p_now timestamptz) RETURNS int LANGUAGE sql AS $$
  WITH woken AS (
    UPDATE step_run s SET due_at = least(s.due_at, p_now)
    WHERE s.step = 'return.track' AND s.status = 'waiting' AND (s.after->>'outNumber' = p_code OR s.after->>'backNumber' = p_code)
    RETURNING 1)
  SELECT count(*)::int FROM woken
$$;
