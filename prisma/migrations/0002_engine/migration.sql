-- The engine: step_run rows are the queue. Claim, intend, record, sweep: one statement each.
-- Lock order everywhere: run, step_run, report, vendor_write, audit head (last: shortest time under the chain's lock).

CREATE FUNCTION step_move(p_from step_status, p_event text) RETURNS step_status LANGUAGE sql STABLE AS $$
  SELECT becomes FROM step_transition WHERE status = p_from AND event = p_event
$$;

CREATE FUNCTION step_has_ended(p_status step_status) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT p_status IN ('done', 'skipped', 'cancelled')
$$;

-- Ended, or ready for p_ms of business time: nobody waits for it any longer.
CREATE FUNCTION step_is_spent(p_run uuid, p_step text, p_ms bigint, p_now timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (SELECT 1 FROM step_run s WHERE s.run_id = p_run AND s.step = p_step AND NOT step_has_ended(s.status)
    AND NOT (s.ready_at IS NOT NULL AND s.ready_at + p_ms * interval '1 millisecond' <= p_now))
$$;

CREATE FUNCTION step_is_settled(p_run uuid, p_step text, p_until text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (SELECT 1 FROM step_run s WHERE s.run_id = p_run AND s.step = p_step
    AND CASE p_until WHEN 'satisfied' THEN s.status <> 'done' ELSE NOT step_has_ended(s.status) END)
$$;

-- A blocked step cannot start for p_for when one of its needs can only be met by p_for itself, or by steps nobody waits for.
CREATE FUNCTION step_cannot_start(p_run uuid, p_step text, p_for text, p_ms bigint, p_now timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (
    SELECT 1 FROM step_run s WHERE s.run_id = p_run AND s.step = p_step AND NOT step_has_ended(s.status)
      AND NOT (s.status = 'blocked' AND EXISTS (
        SELECT 1 FROM jsonb_array_elements(s.needs) AS g(alternatives) WHERE NOT EXISTS (
          SELECT 1 FROM jsonb_array_elements(g.alternatives) AS a(need)
          WHERE a.need->>'step' <> p_for
            AND (step_is_settled(p_run, a.need->>'step', a.need->>'until') OR NOT step_is_spent(p_run, a.need->>'step', p_ms, p_now))))))
$$;

CREATE FUNCTION step_need_is_met(p_run uuid, p_for text, p_need jsonb, p_now timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE p_need->>'until'
    WHEN 'tried' THEN step_is_spent(p_run, p_need->>'step', (p_need->>'ms')::bigint, p_now)
      OR step_cannot_start(p_run, p_need->>'step', p_for, (p_need->>'ms')::bigint, p_now)
    ELSE step_is_settled(p_run, p_need->>'step', p_need->>'until') END
$$;

CREATE FUNCTION step_may_start(p_run uuid, p_step text, p_needs jsonb, p_now timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (SELECT 1 FROM jsonb_array_elements(p_needs) AS g(alternatives)
    WHERE NOT EXISTS (SELECT 1 FROM jsonb_array_elements(g.alternatives) AS a(need) WHERE step_need_is_met(p_run, p_step, a.need, p_now)))
$$;

-- What a worker needs to run one attempt, and what its earlier attempts left behind.
CREATE FUNCTION claimed_step(p_step_run uuid, p_deadline_ms int) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'id', s.id, 'step', s.step, 'subject', s.subject, 'attempt', s.attempt, 'failures', s.failures,
    'resumedAttempt', s.resumed_attempt, 'openedAt', s.opened_at, 'before', s.before, 'vendor', s.vendor,
    'waitMs', greatest(0, ceil(extract(epoch FROM (s.taken_over_at + p_deadline_ms * interval '1 millisecond' - clock_timestamp())) * 1000))::int,
    'run', jsonb_build_object('id', r.id, 'code', r.code, 'ids', r.ids, 'policy', r.policy, 'requestedAt', r.requested_at),
    'writes', coalesce((SELECT jsonb_agg(jsonb_build_object('id', w.id, 'effect', w.effect, 'target', w.target, 'attempt', w.attempt,
        'requestHash', w.request_hash, 'intendedAt', w.intended_at, 'answeredAt', w.answered_at, 'outcome', w.outcome,
        'receipt', w.receipt, 'searches', w.searches, 'searchedAt', w.searched_at) ORDER BY w.id)
      FROM vendor_write w WHERE w.step_run_id = s.id AND w.intended_at >= s.opened_at), '[]'),
    'decisions', coalesce((SELECT jsonb_agg(jsonb_build_object('kind', d.kind, 'by', d.decided_by, 'at', d.decided_at, 'answer', d.answer)
        ORDER BY d.decided_at) FROM decision d WHERE d.step_run_id = s.id), '[]'))
  FROM step_run s JOIN run r ON r.id = s.run_id WHERE s.id = p_step_run
$$;

-- Up to p_limit ready steps of these vendors become this instance's. attempt + 1 is the fence.
CREATE FUNCTION claim_steps(p_instance int, p_vendors text[], p_limit int, p_deadline_ms int, p_now timestamptz)
RETURNS SETOF jsonb LANGUAGE plpgsql AS $$
DECLARE v_id uuid;
BEGIN
  UPDATE instance SET seen_at = now() WHERE num = p_instance;
  FOR v_id IN
    WITH c AS (
      SELECT s.id FROM step_run s LEFT JOIN vendor_pace v ON v.vendor = s.vendor
      WHERE s.status = 'ready' AND s.vendor = ANY (p_vendors) AND (v.paused_until IS NULL OR v.paused_until <= now())
      ORDER BY s.priority DESC, s.ready_at LIMIT p_limit FOR UPDATE OF s SKIP LOCKED)
    UPDATE step_run s SET status = step_move(s.status, 'claim'), attempt = s.attempt + 1, owner = p_instance, cause = NULL,
        started_at = coalesce(s.started_at, p_now)
      FROM c WHERE s.id = c.id RETURNING s.id
  LOOP
    RETURN NEXT claimed_step(v_id, p_deadline_ms);
  END LOOP;
END $$;

-- Frees the blocked steps of a run whose needs are met, and hands up to p_take of them to this instance at once: a chain
-- pays no hop. The caller holds the run's row: else two last predecessors recorded together would each miss the other.
CREATE FUNCTION release_steps(p_run uuid, p_instance int, p_take int, p_vendors text[], p_deadline_ms int, p_now timestamptz)
RETURNS TABLE (claimed jsonb) LANGUAGE plpgsql AS $$
DECLARE s record; n int := 0;
BEGIN
  FOR s IN SELECT b.id, b.vendor FROM step_run b WHERE b.run_id = p_run AND b.status = 'blocked'
      AND step_may_start(b.run_id, b.step, b.needs, p_now) ORDER BY b.priority DESC, b.step
  LOOP
    UPDATE step_run SET status = step_move(status, 'unblock'), ready_at = p_now WHERE id = s.id;
    IF n < p_take AND s.vendor = ANY (p_vendors) THEN
      n := n + 1;
      UPDATE step_run SET status = step_move(status, 'claim'), attempt = attempt + 1, owner = p_instance, started_at = coalesce(started_at, p_now)
        WHERE id = s.id;
      claimed := claimed_step(s.id, p_deadline_ms);
    ELSE
      claimed := NULL;
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;

-- Writes down what is known of sent writes. Also after we were replaced: that a vendor accepted something stays true.
CREATE FUNCTION settle_writes(p_run uuid, p_step text, p_answers jsonb, p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE a jsonb; w record;
BEGIN
  FOR a IN SELECT * FROM jsonb_array_elements(p_answers) LOOP
    UPDATE vendor_write SET outcome = a->>'outcome', receipt = nullif(a->'receipt', 'null'), error = a->>'error', answered_at = (a->>'at')::timestamptz
      WHERE id = (a->>'id')::bigint AND outcome IS NULL
      RETURNING effect, target, attempt INTO w;
    IF FOUND THEN
      PERFORM audit(p_run::text, 'runner', 'write.' || (a->>'outcome'), jsonb_strip_nulls(jsonb_build_object('step', p_step, 'write', (a->>'id')::bigint,
        'effect', w.effect, 'target', nullif(w.target, ''), 'attempt', w.attempt, 'receipt', a->'receipt', 'error', a->>'error')));
    END IF;
  END LOOP;
END $$;

-- Writes of earlier attempts whose answer nobody recorded: from now on a doubt, not an expectation. p_write NULL: of all effects.
CREATE FUNCTION abandon_writes(p_run uuid, p_step text, p_step_run uuid, p_attempt int, p_write jsonb, p_now timestamptz) RETURNS void LANGUAGE sql AS $$
  SELECT settle_writes(p_run, p_step, coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'outcome', 'doubt', 'error', 'no answer was recorded', 'at', p_now)), '[]'), p_now)
  FROM vendor_write w WHERE w.step_run_id = p_step_run AND w.outcome IS NULL AND w.attempt < p_attempt
    AND (p_write IS NULL OR (w.effect = p_write->>'effect' AND w.target = p_write->>'target'))
$$;

-- The last word before a write is sent: still ours, not cancelled, the takeover's wait is over for what may still arrive (the
-- same effect on the same target; others need not wait for it), the vendor is not paused, and no unanswered write of this effect carried another request. Commits the intent, and with it earlier answers.
CREATE FUNCTION intend_write(p_step_run uuid, p_attempt int, p_instance int, p_write jsonb, p_answers jsonb, p_deadline_ms int, p_now timestamptz)
RETURNS TABLE (verdict text, write_id bigint, wait_ms int) LANGUAGE plpgsql AS $$
DECLARE s record; v_paused timestamptz; v_wait numeric;
BEGIN
  SELECT sr.*, r.status AS run_status INTO s FROM step_run sr JOIN run r ON r.id = sr.run_id WHERE sr.id = p_step_run FOR UPDATE OF sr;
  PERFORM settle_writes(s.run_id, s.step, p_answers, p_now);
  wait_ms := 0;
  IF s.status <> 'running' OR s.attempt <> p_attempt OR s.owner IS DISTINCT FROM p_instance THEN verdict := 'fenced'; RETURN NEXT; RETURN; END IF;
  IF s.run_status <> 'open' THEN verdict := 'cancelled'; RETURN NEXT; RETURN; END IF;
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

CREATE FUNCTION close_if_ended(p_run uuid, p_now timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM step_run WHERE run_id = p_run AND step <> 'watch' AND NOT step_has_ended(status)) THEN RETURN false; END IF;
  UPDATE run SET status = 'closed', closed_at = p_now WHERE id = p_run AND status = 'open';
  RETURN FOUND;
END $$;

-- Ends a chain: its head goes into the chain of heads, so that a chain cut later is seen.
CREATE FUNCTION audit_end_chain(p_chain text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT audit('heads', 'runner', 'chain.ended', jsonb_build_object('chain', h.chain, 'seq', h.seq, 'hash', encode(h.hash, 'hex')))
  FROM audit_head h WHERE h.chain = p_chain
$$;

-- Records one attempt, frees what became ready, takes some of it. First row 'fenced': we were replaced, nothing was recorded
-- but the answers. p_outcome: event, cause, need, dueAt, before, after, evidence, failures.
CREATE FUNCTION record_attempt(p_step_run uuid, p_attempt int, p_instance int, p_outcome jsonb, p_answers jsonb, p_searches bigint[],
  p_take int, p_vendors text[], p_deadline_ms int, p_now timestamptz)
RETURNS TABLE (kind text, claimed jsonb) LANGUAGE plpgsql AS $$
DECLARE s record; v_status step_status; v_fenced boolean; v_closed boolean := false; c record;
BEGIN
  SELECT run_id, step, subject INTO s FROM step_run WHERE id = p_step_run;
  PERFORM 1 FROM run WHERE id = s.run_id FOR UPDATE; -- the lost join: see release_steps
  PERFORM 1 FROM step_run WHERE id = p_step_run FOR UPDATE;
  UPDATE step_run SET status = step_move(status, p_outcome->>'event'), owner = NULL, cause = p_outcome->>'cause', need = p_outcome->'need',
      due_at = (p_outcome->>'dueAt')::timestamptz, failures = (p_outcome->>'failures')::int,
      before = coalesce(before, p_outcome->'before'), after = coalesce(p_outcome->'after', after), evidence = p_outcome->>'evidence',
      ended_at = CASE WHEN step_has_ended(step_move(status, p_outcome->>'event')) THEN p_now END
    WHERE id = p_step_run AND attempt = p_attempt AND owner = p_instance AND status = 'running'
    RETURNING status INTO v_status;
  v_fenced := NOT FOUND;
  IF NOT v_fenced THEN
    kind := 'recorded'; RETURN NEXT;
    IF step_has_ended(v_status) THEN
      FOR c IN SELECT r.claimed FROM release_steps(s.run_id, p_instance, p_take, p_vendors, p_deadline_ms, p_now) r LOOP
        kind := CASE WHEN c.claimed IS NULL THEN 'left' ELSE 'mine' END; claimed := c.claimed; RETURN NEXT;
      END LOOP;
      v_closed := close_if_ended(s.run_id, p_now);
    END IF;
    UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE run_id = s.run_id;
  END IF;
  PERFORM settle_writes(s.run_id, s.step, p_answers, p_now);
  IF v_fenced THEN kind := 'fenced'; RETURN NEXT; RETURN; END IF;
  IF v_status NOT IN ('waiting') THEN PERFORM abandon_writes(s.run_id, s.step, p_step_run, p_attempt, NULL, p_now); END IF;
  UPDATE vendor_write SET searches = searches + 1, searched_at = p_now WHERE id = ANY (p_searches);
  PERFORM audit(s.run_id::text, 'runner', 'step.' || (p_outcome->>'event'), jsonb_strip_nulls(jsonb_build_object('step', s.step, 'subject', nullif(s.subject, ''),
    'attempt', p_attempt, 'cause', p_outcome->>'cause', 'evidence', p_outcome->>'evidence', 'need', p_outcome->'need', 'after', p_outcome->'after')));
  IF v_closed THEN
    PERFORM audit(s.run_id::text, 'runner', 'run.closed', '{}');
    PERFORM audit_end_chain(s.run_id::text);
    kind := 'closed'; claimed := NULL; RETURN NEXT;
  END IF;
END $$;

-- Opens a run with its steps, or answers with the live run of the same person: never two.
CREATE FUNCTION open_run(p_run jsonb, p_steps jsonb, p_instance int, p_take int, p_vendors text[], p_deadline_ms int, p_now timestamptz)
RETURNS TABLE (kind text, run_id uuid, code text, claimed jsonb) LANGUAGE plpgsql AS $$
DECLARE v_id uuid; v_code text; c record;
BEGIN
  UPDATE instance SET seen_at = now() WHERE num = p_instance;
  -- The code is drawn only once the row is certain: a joined run burns no number.
  PERFORM pg_advisory_xact_lock(4243, hashtext((p_run->>'kind') || (p_run->>'personId')));
  SELECT r.id, r.code INTO v_id, v_code FROM run r WHERE r.kind = p_run->>'kind' AND r.person_id = p_run->>'personId'
    AND (r.status IN ('awaiting_approval', 'scheduled', 'held', 'open')
      OR (r.requested_by = p_run->>'requestedBy' AND r.requested_at = (p_run->>'requestedAt')::timestamptz(3)))
    ORDER BY r.requested_at DESC LIMIT 1;
  IF FOUND THEN
    kind := 'joined'; run_id := v_id; code := v_code; RETURN NEXT;
    PERFORM audit(v_id::text, p_run->>'requestedBy', 'run.joined', jsonb_build_object('trigger', p_run->>'trigger'));
    RETURN;
  END IF;
  v_code := CASE p_run->>'kind' WHEN 'offboarding' THEN 'OFF-' || nextval('offboarding_number') ELSE 'RET-' || nextval('device_return_number') END;
  INSERT INTO run AS r (kind, code, person_id, person, ids, trigger, requested_by, reason, plan_hash, policy_hash, policy, status, requested_at, opened_at)
    VALUES (p_run->>'kind', v_code, p_run->>'personId', p_run->'person', p_run->'ids', p_run->>'trigger', p_run->>'requestedBy', p_run->>'reason',
      p_run->>'planHash', p_run->>'policyHash', p_run->'policy', 'open', (p_run->>'requestedAt')::timestamptz, p_now)
    RETURNING r.id INTO v_id;
  INSERT INTO step_run (run_id, step, subject, vendor, stage, priority, needs, timed, status, opened_at)
    SELECT v_id, x.step, x.subject, x.vendor, x.stage, x.priority, x.needs, x.timed, 'blocked', p_now
    FROM jsonb_to_recordset(p_steps) AS x(step text, subject text, vendor text, stage text, priority int, needs jsonb, timed boolean);
  INSERT INTO report (key, audience, run_id) VALUES ('slack:' || v_id, 'slack', v_id);
  kind := 'opened'; run_id := v_id; code := v_code; RETURN NEXT;
  FOR c IN SELECT r.claimed FROM release_steps(v_id, p_instance, p_take, p_vendors, p_deadline_ms, p_now) r LOOP
    kind := CASE WHEN c.claimed IS NULL THEN 'left' ELSE 'mine' END; claimed := c.claimed; RETURN NEXT;
  END LOOP;
  PERFORM audit(v_id::text, p_run->>'requestedBy', 'run.opened', jsonb_build_object('code', v_code, 'kind', p_run->>'kind', 'person', p_run->>'personId',
    'trigger', p_run->>'trigger', 'plan', p_run->>'planHash', 'policy', p_run->>'policyHash', 'steps', jsonb_path_query_array(p_steps, '$[*].step')));
END $$;

-- A person's retry: counts once for the attempt the button was drawn for. 'stale': somebody or something was faster.
CREATE FUNCTION retry_step(p_step_run uuid, p_attempt int, p_by text, p_now timestamptz)
RETURNS TABLE (verdict text, status step_status, attempt int, decided_by text, decided_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE s record;
BEGIN
  SELECT sr.run_id INTO s FROM step_run sr WHERE sr.id = p_step_run;
  IF NOT FOUND THEN verdict := 'unknown'; RETURN NEXT; RETURN; END IF;
  PERFORM 1 FROM run r WHERE r.id = s.run_id FOR UPDATE;
  SELECT sr.* INTO s FROM step_run sr WHERE sr.id = p_step_run FOR UPDATE;
  IF s.status <> 'needs_human' OR s.attempt <> p_attempt OR s.need->>'kind' NOT IN ('failed', 'doubt') THEN
    verdict := 'stale'; status := s.status; attempt := s.attempt;
    SELECT d.decided_by, d.decided_at INTO decided_by, decided_at FROM decision d WHERE d.step_run_id = p_step_run AND d.attempt >= p_attempt ORDER BY d.decided_at LIMIT 1;
    RETURN NEXT; RETURN;
  END IF;
  INSERT INTO decision (run_id, step_run_id, kind, attempt, decided_by, decided_at) VALUES (s.run_id, s.id, 'retry', p_attempt, p_by, p_now);
  UPDATE step_run sr SET status = step_move(sr.status, 'resume'), cause = NULL, need = NULL, failures = 0, resumed_attempt = sr.attempt WHERE sr.id = s.id
    RETURNING sr.status INTO status;
  UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE report.run_id = s.run_id;
  PERFORM audit(s.run_id::text, p_by, 'step.retried', jsonb_build_object('step', s.step, 'attempt', p_attempt));
  verdict := 'resumed'; attempt := s.attempt; RETURN NEXT;
END $$;

-- Which instances are gone: their session lock has left pg_locks (killed: seen at once), or they are silent beyond the lease (frozen).
CREATE FUNCTION gone_instances(p_me int, p_lease_ms int) RETURNS SETOF int LANGUAGE sql STABLE AS $$
  SELECT i.num FROM instance i WHERE i.num <> p_me
    AND (i.seen_at < now() - p_lease_ms * interval '1 millisecond'
      OR NOT EXISTS (SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.classid = 4242 AND l.objid = i.num::oid AND l.granted
        AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())))
$$;

-- Beat, take over from the gone, wake what is due by the Clock. Answers whether work is in hand anywhere and when to look again.
CREATE FUNCTION sweep(p_me int, p_lease_ms int, p_now timestamptz)
RETURNS TABLE (taken_over int, woken int, ready int, in_hand int, adoptable int, undrawn int, next_due_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE r record; gone int[]; lapsed jsonb := '[]';
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
      lapsed := lapsed || jsonb_build_object('run', r.run_id, 'step', r.step, 'attempt', r.attempt);
    END LOOP;
    UPDATE report p SET owner = NULL, retry_at = now() WHERE p.owner = ANY (gone);
    UPDATE inbound_delivery d SET owner = NULL WHERE d.handled_at IS NULL AND d.owner = ANY (gone);
  END IF;
  WITH c AS (SELECT s.id FROM step_run s WHERE s.status = 'waiting' AND s.due_at <= p_now FOR UPDATE SKIP LOCKED)
  UPDATE step_run s SET status = step_move(s.status, 'wake'), due_at = NULL FROM c WHERE s.id = c.id;
  GET DIAGNOSTICS woken = ROW_COUNT;
  FOR r IN SELECT DISTINCT s.run_id FROM step_run s JOIN run ON run.id = s.run_id AND run.status = 'open' WHERE s.status = 'blocked' AND s.timed LOOP
    PERFORM 1 FROM run WHERE run.id = r.run_id FOR UPDATE SKIP LOCKED;
    IF FOUND THEN
      woken := woken + (SELECT count(*) FROM release_steps(r.run_id, p_me, 0, '{}', 0, p_now))::int;
    END IF;
  END LOOP;
  SELECT count(*) FILTER (WHERE s.status = 'ready'), count(*) FILTER (WHERE s.status = 'running') INTO ready, in_hand
    FROM step_run s WHERE s.status IN ('ready', 'running');
  SELECT count(*) INTO adoptable FROM inbound_delivery d WHERE d.handled_at IS NULL AND d.owner IS NULL;
  SELECT count(*) INTO undrawn FROM report p WHERE p.wanted > p.drawn AND p.owner IS NULL;
  SELECT min(s.due_at) INTO next_due_at FROM step_run s WHERE s.status = 'waiting';
  IF EXISTS (SELECT 1 FROM step_run s JOIN run ON run.id = s.run_id AND run.status = 'open' WHERE s.status = 'blocked' AND s.timed) THEN
    next_due_at := least(next_due_at, p_now + interval '1 second');
  END IF;
  -- Last, and runs in one order: two sweeps, or a sweep and a record, never wait for each other's chains in a circle.
  FOR r IN SELECT l->>'run' AS run, l - 'run' AS detail FROM jsonb_array_elements(lapsed) AS l ORDER BY 1 LOOP
    PERFORM audit(r.run, 'runner', 'step.taken_over', r.detail || jsonb_build_object('by', p_me));
  END LOOP;
  RETURN NEXT;
END $$;

-- Tokens of a vendor's published rate, shared by all processes: the moment from which n calls may be sent, in ms from now.
CREATE FUNCTION reserve_pace(p_vendor text, p_calls int, p_interval_ms numeric, p_burst int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v_wait numeric;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true); -- losing the last moments of a pace is harmless, waiting for a disk is not
  INSERT INTO vendor_pace AS v (vendor, next_at) VALUES (p_vendor, '-infinity') -- a new bucket is full
    ON CONFLICT (vendor) DO NOTHING;
  UPDATE vendor_pace v SET next_at = greatest(v.next_at, clock_timestamp() - p_burst * p_interval_ms * interval '1 millisecond') + p_calls * p_interval_ms * interval '1 millisecond'
    WHERE v.vendor = p_vendor
    RETURNING extract(epoch FROM (greatest(v.next_at, v.paused_until) - clock_timestamp())) * 1000 INTO v_wait;
  RETURN greatest(0, ceil(v_wait))::int;
END $$;

CREATE FUNCTION pause_vendor(p_vendor text, p_ms bigint) RETURNS void LANGUAGE sql AS $$
  INSERT INTO vendor_pace AS v (vendor, paused_until) VALUES (p_vendor, clock_timestamp() + p_ms * interval '1 millisecond')
    ON CONFLICT (vendor) DO UPDATE SET paused_until = greatest(v.paused_until, excluded.paused_until)
$$;

-- Up to p_limit pictures that are not what they should be become this instance's to draw.
CREATE FUNCTION claim_reports(p_instance int, p_audience text, p_limit int) RETURNS TABLE (key text, run_id uuid, inbound_id uuid, attempt int, wanted int, failures int, late_ms int)
LANGUAGE sql AS $$
  WITH c AS (
    SELECT r.key FROM report r WHERE r.wanted > r.drawn AND r.owner IS NULL AND r.audience = p_audience AND r.retry_at <= now()
    ORDER BY r.wanted_at LIMIT p_limit FOR UPDATE SKIP LOCKED),
  beat AS (UPDATE instance SET seen_at = now() WHERE num = p_instance)
  UPDATE report r SET owner = p_instance, attempt = r.attempt + 1 FROM c WHERE r.key = c.key
  RETURNING r.key, r.run_id, r.inbound_id, r.attempt, r.wanted, r.failures, (extract(epoch FROM (now() - r.wanted_at)) * 1000)::int
$$;
