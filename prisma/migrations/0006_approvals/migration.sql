-- The second person: a run of somebody protected waits for an approver who did not ask for it; and a step may ask a question.
-- Lock order as in 0002: run, step_run, report, audit head. An operator's row is locked after its run.

-- What the second person is asked about, word for word. Null: nobody has to be asked.
ALTER TABLE run ADD COLUMN plan jsonb;
-- The fence of an approval: a plan that changed is another version, and its button another button.
ALTER TABLE run ADD COLUMN plan_version int NOT NULL DEFAULT 1;
ALTER TABLE run ADD COLUMN reminders int NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN remind_at timestamptz(3);
CREATE INDEX run_awaiting ON run (remind_at) WHERE status = 'awaiting_approval';

-- Before the approval nothing starts, but for containment where the policy that the run has pinned says so.
CREATE FUNCTION run_allows(p_status text, p_policy jsonb, p_stage text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT p_status = 'open' OR p_status = 'awaiting_approval' AND p_stage = 'contain'
    AND coalesce((p_policy->>'protected.containBeforeApproval')::boolean, false)
$$;

-- Frees the blocked steps of a run whose needs are met, and hands up to p_take of them to this instance at once: a chain
-- pays no hop. The caller holds the run's row: else two last predecessors recorded together would each miss the other.
CREATE OR REPLACE FUNCTION release_steps(p_run uuid, p_instance int, p_take int, p_vendors text[], p_deadline_ms int, p_now timestamptz)
RETURNS TABLE (claimed jsonb) LANGUAGE plpgsql AS $$
DECLARE s record; n int := 0;
BEGIN
  FOR s IN SELECT b.id, b.vendor FROM step_run b JOIN run r ON r.id = b.run_id WHERE b.run_id = p_run AND b.status = 'blocked'
      AND run_allows(r.status, r.policy, b.stage) AND step_may_start(b.run_id, b.step, b.needs, p_now) ORDER BY b.priority DESC, b.step
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

-- The last word before a write is sent: still ours, allowed by its run (not cancelled, not before its approval), the takeover's wait is over for what may still arrive (the
-- same effect on the same target; others need not wait for it), the vendor is not paused, and no unanswered write of this effect carried another request. Commits the intent, and with it earlier answers.
CREATE OR REPLACE FUNCTION intend_write(p_step_run uuid, p_attempt int, p_instance int, p_write jsonb, p_answers jsonb, p_deadline_ms int, p_now timestamptz)
RETURNS TABLE (verdict text, write_id bigint, wait_ms int) LANGUAGE plpgsql AS $$
DECLARE s record; v_paused timestamptz; v_wait numeric;
BEGIN
  SELECT sr.*, run_allows(r.status, r.policy, sr.stage) AS may INTO s FROM step_run sr JOIN run r ON r.id = sr.run_id WHERE sr.id = p_step_run FOR UPDATE OF sr;
  PERFORM settle_writes(s.run_id, s.step, p_answers, p_now);
  wait_ms := 0;
  IF s.status <> 'running' OR s.attempt <> p_attempt OR s.owner IS DISTINCT FROM p_instance THEN verdict := 'fenced'; RETURN NEXT; RETURN; END IF;
  IF NOT s.may THEN verdict := 'cancelled'; RETURN NEXT; RETURN; END IF;
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

-- Opens a run with its steps, or answers with the live run of the same person: never two. With an 'approval' it waits for it.
CREATE OR REPLACE FUNCTION open_run(p_run jsonb, p_steps jsonb, p_instance int, p_take int, p_vendors text[], p_deadline_ms int, p_now timestamptz)
RETURNS TABLE (kind text, run_id uuid, code text, claimed jsonb) LANGUAGE plpgsql AS $$
DECLARE v_id uuid; v_code text; c record; v_approval jsonb := nullif(p_run->'approval', 'null');
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
  INSERT INTO run AS r (kind, code, person_id, person, ids, trigger, requested_by, reason, plan_hash, policy_hash, policy, status, requested_at, opened_at,
      plan, remind_at)
    VALUES (p_run->>'kind', v_code, p_run->>'personId', p_run->'person', p_run->'ids', p_run->>'trigger', p_run->>'requestedBy', p_run->>'reason',
      p_run->>'planHash', p_run->>'policyHash', p_run->'policy', CASE WHEN v_approval IS NULL THEN 'open' ELSE 'awaiting_approval' END,
      (p_run->>'requestedAt')::timestamptz, CASE WHEN v_approval IS NULL THEN p_now END, v_approval->'plan', (v_approval->>'remindAt')::timestamptz)
    RETURNING r.id INTO v_id;
  INSERT INTO step_run (run_id, step, subject, vendor, stage, priority, needs, timed, status, opened_at)
    SELECT v_id, x.step, x.subject, x.vendor, x.stage, x.priority, x.needs, x.timed, 'blocked', p_now
    FROM jsonb_to_recordset(p_steps) AS x(step text, subject text, vendor text, stage text, priority int, needs jsonb, timed boolean);
  INSERT INTO report (key, audience, run_id) VALUES ('slack:' || v_id, 'slack', v_id);
  kind := 'opened'; run_id := v_id; code := v_code; RETURN NEXT;
  FOR c IN SELECT r.claimed FROM release_steps(v_id, p_instance, p_take, p_vendors, p_deadline_ms, p_now) r LOOP
    kind := CASE WHEN c.claimed IS NULL THEN 'left' ELSE 'mine' END; claimed := c.claimed; RETURN NEXT;
  END LOOP;
  PERFORM audit(v_id::text, p_run->>'requestedBy', CASE WHEN v_approval IS NULL THEN 'run.opened' ELSE 'run.approval_asked' END,
    jsonb_build_object('code', v_code, 'kind', p_run->>'kind', 'person', p_run->>'personId',
    'trigger', p_run->>'trigger', 'plan', p_run->>'planHash', 'policy', p_run->>'policyHash', 'steps', jsonb_path_query_array(p_steps, '$[*].step')));
END $$;

-- Why this operator may not say yes or no to what somebody else asked for; NULL: may. Their row is locked, so that nobody
-- is taken off the list between this answer and what is done on the strength of it.
CREATE FUNCTION why_not_second(p_requested_by text, p_ids jsonb, p_by text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_role text;
BEGIN
  SELECT o.role INTO v_role FROM operator o WHERE o.team_id = split_part(p_by, '/', 1) AND o.user_id = split_part(p_by, '/', 2)
    AND o.removed_at IS NULL FOR SHARE;
  IF v_role IS NULL OR p_requested_by LIKE '%/%' AND split_part(p_requested_by, '/', 1) <> split_part(p_by, '/', 1) THEN RETURN 'not_operator'; END IF;
  IF p_by = p_requested_by THEN RETURN 'own_request'; END IF;
  IF p_ids->>'slack' = split_part(p_by, '/', 2) THEN RETURN 'is_leaver'; END IF;
  IF v_role NOT IN ('approver', 'admin') THEN RETURN 'needs_approver'; END IF;
  RETURN NULL;
END $$;

-- The second person's yes or no, once. Yes opens the run and hands out what became ready; no ends it. 'changed': the button
-- was drawn for another plan. First row: the verdict. Then, as in open_run, a row for each step that was freed.
CREATE FUNCTION judge_run(p_run uuid, p_version int, p_kind text, p_by text, p_answer jsonb, p_instance int, p_take int, p_vendors text[],
  p_deadline_ms int, p_now timestamptz)
RETURNS TABLE (kind text, run_status text, what text, decided_by text, decided_at timestamptz, claimed jsonb) LANGUAGE plpgsql AS $$
DECLARE r record; c record; v_closed boolean := false;
BEGIN
  UPDATE instance SET seen_at = now() WHERE num = p_instance;
  SELECT u.* INTO r FROM run u WHERE u.id = p_run FOR UPDATE;
  IF NOT FOUND THEN kind := 'unknown'; RETURN NEXT; RETURN; END IF;
  kind := why_not_second(r.requested_by, r.ids, p_by);
  IF kind IS NOT NULL THEN RETURN NEXT; RETURN; END IF;
  IF r.status <> 'awaiting_approval' THEN
    SELECT d.kind, d.decided_by, d.decided_at INTO what, decided_by, decided_at FROM decision d
      WHERE d.run_id = p_run AND d.step_run_id IS NULL ORDER BY d.decided_at, d.kind LIMIT 1;
    kind := 'stale'; run_status := r.status; RETURN NEXT; RETURN;
  END IF;
  IF p_kind = 'approve' AND r.plan_version <> p_version THEN kind := 'changed'; RETURN NEXT; RETURN; END IF;
  INSERT INTO decision (run_id, kind, attempt, decided_by, decided_at, answer) VALUES (p_run, p_kind, r.plan_version, p_by, p_now, p_answer);
  kind := CASE p_kind WHEN 'approve' THEN 'approved' ELSE 'declined' END;
  what := p_kind; decided_by := p_by; decided_at := p_now; RETURN NEXT;
  IF p_kind = 'approve' THEN
    UPDATE run u SET status = 'open', opened_at = p_now, remind_at = NULL WHERE u.id = p_run;
    FOR c IN SELECT f.claimed FROM release_steps(p_run, p_instance, p_take, p_vendors, p_deadline_ms, p_now) f LOOP
      kind := CASE WHEN c.claimed IS NULL THEN 'left' ELSE 'mine' END; claimed := c.claimed; RETURN NEXT;
    END LOOP;
    v_closed := close_if_ended(p_run, p_now); -- where all of it was containment that has ended meanwhile
  ELSE
    UPDATE run u SET status = 'cancelled', closed_at = p_now, remind_at = NULL WHERE u.id = p_run;
    UPDATE step_run s SET status = step_move(s.status, 'cancel'), cause = 'run_declined', need = NULL, due_at = NULL, ended_at = p_now
      WHERE s.run_id = p_run AND s.status IN ('blocked', 'ready', 'waiting', 'needs_human');
  END IF;
  UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE report.run_id = p_run;
  PERFORM audit(p_run::text, p_by, CASE p_kind WHEN 'approve' THEN 'run.approved' ELSE 'run.declined' END,
    jsonb_build_object('plan', r.plan_hash, 'version', r.plan_version) || p_answer);
  IF v_closed THEN PERFORM audit(p_run::text, 'runner', 'run.closed', '{}'); END IF;
  IF v_closed OR p_kind <> 'approve' THEN PERFORM audit_end_chain(p_run::text); END IF;
END $$;

-- What was seen now is no longer what was asked about: it is asked anew, and old buttons count no more.
CREATE FUNCTION renew_plan(p_run uuid, p_version int, p_plan jsonb, p_by text, p_now timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE run r SET plan = p_plan, plan_hash = p_plan->>'hash', plan_version = r.plan_version + 1
    WHERE r.id = p_run AND r.status = 'awaiting_approval' AND r.plan_version = p_version;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE report.run_id = p_run;
  PERFORM audit(p_run::text, p_by, 'run.plan_changed', jsonb_build_object('plan', p_plan->>'hash', 'version', p_version + 1));
  RETURN true;
END $$;

-- Whoever changes the list, every Home shows it, and so does each run that calls approvers.
CREATE OR REPLACE FUNCTION operator_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  WITH p AS (SELECT r.key FROM report r JOIN run u ON u.id = r.run_id WHERE u.status = 'awaiting_approval' ORDER BY r.key FOR UPDATE OF r)
  UPDATE report r SET wanted = r.wanted + 1, wanted_at = CASE WHEN r.wanted = r.drawn THEN now() ELSE r.wanted_at END FROM p WHERE r.key = p.key;
  PERFORM want_homes('home:' || NEW.team_id || '/' || NEW.user_id);
  RETURN NULL;
END $$;

-- A person's retry, skip, attest or answer: counts once, for the attempt the button was drawn for. 'stale': somebody or something was
-- faster. 'needs_approver': it would leave access open on one operator's word. Role: as the verb has just read it. An answer
-- must be of the kind that was asked for, and comes from whom the question names. Nobody leaves their own access open.
CREATE OR REPLACE FUNCTION decide_step(p_step_run uuid, p_attempt int, p_kind text, p_by text, p_role text, p_answer jsonb, p_now timestamptz)
RETURNS TABLE (verdict text, status step_status, attempt int, what text, decided_by text, decided_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE s record; r record; v_fits boolean; v_question jsonb; v_closed boolean := false;
BEGIN
  SELECT sr.run_id INTO s FROM step_run sr WHERE sr.id = p_step_run;
  IF NOT FOUND THEN verdict := 'unknown'; RETURN NEXT; RETURN; END IF;
  SELECT u.requested_by, u.ids INTO r FROM run u WHERE u.id = s.run_id FOR UPDATE;
  SELECT sr.* INTO s FROM step_run sr WHERE sr.id = p_step_run FOR UPDATE;
  SELECT d.kind, d.decided_by, d.decided_at INTO what, decided_by, decided_at FROM decision d
    WHERE d.run_id = s.run_id AND (d.step_run_id = s.id AND d.attempt >= p_attempt
      OR d.step_run_id IS NULL AND d.kind IN ('cancel', 'decline') AND s.status = 'cancelled')
    ORDER BY d.decided_at LIMIT 1;
  v_question := CASE WHEN s.need->>'kind' = 'question' THEN s.need->'question' END;
  v_fits := CASE p_kind
    WHEN 'retry' THEN s.status = 'needs_human' AND s.need->>'kind' IN ('failed', 'doubt')
    WHEN 'answer' THEN s.status = 'needs_human' AND p_answer ? (CASE v_question->>'kind' WHEN 'approve' THEN 'approved' WHEN 'choose_person' THEN 'person' END)
    WHEN 'skip' THEN s.status IN ('needs_human', 'waiting', 'ready', 'blocked')
    WHEN 'attest' THEN s.status IN ('needs_human', 'waiting', 'ready') END;
  IF v_fits IS NOT TRUE OR s.attempt <> p_attempt OR what IS NOT NULL THEN
    verdict := 'stale'; status := s.status; attempt := s.attempt; RETURN NEXT; RETURN;
  END IF;
  IF p_kind <> 'retry' AND r.ids->>'slack' = split_part(p_by, '/', 2) THEN verdict := 'is_leaver'; RETURN NEXT; RETURN; END IF;
  IF p_kind IN ('skip', 'attest') AND s.stage = 'contain' AND p_role NOT IN ('approver', 'admin') THEN
    verdict := 'needs_approver'; RETURN NEXT; RETURN;
  END IF;
  IF p_kind = 'answer' THEN
    verdict := CASE
      WHEN v_question->>'by' = 'second_approver' THEN why_not_second(r.requested_by, r.ids, p_by)
      WHEN v_question->>'by' = 'approver' AND p_role NOT IN ('approver', 'admin') THEN 'needs_approver'
      WHEN p_answer->>'person' = r.ids->>'slack' THEN 'leaver_chosen' END;
    IF verdict IS NOT NULL THEN RETURN NEXT; RETURN; END IF;
    p_answer := p_answer || jsonb_build_object('question', v_question->>'name');
  END IF;
  INSERT INTO decision (run_id, step_run_id, kind, attempt, decided_by, decided_at, answer)
    VALUES (s.run_id, s.id, p_kind, p_attempt, p_by, p_now, p_answer);
  IF p_kind = 'skip' THEN
    UPDATE step_run sr SET status = step_move(sr.status, 'skip'), cause = 'by_hand', need = NULL, due_at = NULL, evidence = NULL, ended_at = p_now
      WHERE sr.id = s.id RETURNING sr.status INTO status;
    PERFORM release_steps(s.run_id, 0, 0, '{}', 0, p_now);
    v_closed := close_if_ended(s.run_id, p_now);
  ELSE
    UPDATE step_run sr SET cause = NULL, need = NULL, failures = 0, due_at = NULL,
        status = CASE sr.status WHEN 'needs_human' THEN step_move(sr.status, 'resume') WHEN 'waiting' THEN step_move(sr.status, 'wake') ELSE sr.status END,
        resumed_attempt = CASE p_kind WHEN 'retry' THEN sr.attempt ELSE sr.resumed_attempt END,
        attested_attempt = CASE p_kind WHEN 'attest' THEN sr.attempt END
      WHERE sr.id = s.id RETURNING sr.status INTO status;
  END IF;
  UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE report.run_id = s.run_id;
  PERFORM audit(s.run_id::text, p_by,
    CASE p_kind WHEN 'retry' THEN 'step.retried' WHEN 'skip' THEN 'step.skipped' WHEN 'answer' THEN 'step.answered' ELSE 'step.attested' END,
    jsonb_strip_nulls(jsonb_build_object('step', s.step, 'subject', nullif(s.subject, ''), 'attempt', p_attempt, 'answer', nullif(p_answer, '{}'))));
  IF v_closed THEN
    PERFORM audit(s.run_id::text, 'runner', 'run.closed', '{}');
    PERFORM audit_end_chain(s.run_id::text);
  END IF;
  verdict := 'decided'; attempt := s.attempt; what := p_kind; decided_by := p_by; decided_at := p_now; RETURN NEXT;
END $$;

-- Nothing more is begun. A running step is stopped by its next intent: at most the call that is under way still arrives.
-- Once a write that closes access may have arrived, only an approver leaves the rest open; the leaver never does.
DROP FUNCTION cancel_run(uuid, text, text, timestamptz);
CREATE FUNCTION cancel_run(p_run uuid, p_by text, p_role text, p_now timestamptz)
RETURNS TABLE (verdict text, run_status text, what text, decided_by text, decided_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE v_leaver text;
BEGIN
  SELECT r.status, r.ids->>'slack' INTO run_status, v_leaver FROM run r WHERE r.id = p_run FOR UPDATE;
  IF NOT FOUND THEN verdict := 'unknown'; RETURN NEXT; RETURN; END IF;
  IF run_status NOT IN ('awaiting_approval', 'scheduled', 'held', 'open') THEN
    verdict := 'stale';
    SELECT d.kind, d.decided_by, d.decided_at INTO what, decided_by, decided_at FROM decision d
      WHERE d.run_id = p_run AND d.step_run_id IS NULL AND d.kind IN ('cancel', 'decline');
    RETURN NEXT; RETURN;
  END IF;
  IF v_leaver = split_part(p_by, '/', 2) THEN verdict := 'is_leaver'; RETURN NEXT; RETURN; END IF;
  IF p_role NOT IN ('approver', 'admin') AND EXISTS (
    SELECT 1 FROM step_run s JOIN vendor_write w ON w.step_run_id = s.id
    WHERE s.run_id = p_run AND s.stage = 'contain' AND w.outcome IS DISTINCT FROM 'refused' AND w.outcome IS DISTINCT FROM 'deferred')
  THEN verdict := 'needs_approver'; RETURN NEXT; RETURN; END IF;
  UPDATE run r SET status = 'cancelled', closed_at = p_now, remind_at = NULL WHERE r.id = p_run;
  UPDATE step_run s SET status = step_move(s.status, 'cancel'), cause = 'run_cancelled', need = NULL, due_at = NULL, ended_at = p_now
    WHERE s.run_id = p_run AND s.status IN ('blocked', 'ready', 'waiting', 'needs_human');
  INSERT INTO decision (run_id, kind, attempt, decided_by, decided_at) VALUES (p_run, 'cancel', 0, p_by, p_now);
  UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE report.run_id = p_run;
  PERFORM audit(p_run::text, p_by, 'run.cancelled', '{}');
  PERFORM audit_end_chain(p_run::text);
  verdict := 'cancelled'; run_status := 'cancelled'; decided_by := p_by; decided_at := p_now; RETURN NEXT;
END $$;

-- Steps that were seen to be no longer so, each by the attempt that had closed it, are done again. Receipts from before count no more.
CREATE OR REPLACE FUNCTION reopen_steps(p_run uuid, p_steps jsonb, p_by text, p_now timestamptz) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE s record; v_told jsonb := '[]';
BEGIN
  PERFORM 1 FROM run r WHERE r.id = p_run AND run_allows(r.status, r.policy, 'contain') FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  FOR s IN
    UPDATE step_run sr SET status = step_move(sr.status, 'reopen'), cause = NULL, need = NULL, failures = 0, evidence = NULL, attested_attempt = NULL,
        opened_at = p_now, ready_at = p_now, ended_at = NULL
      FROM jsonb_to_recordset(p_steps) AS x(id uuid, attempt int, seen jsonb)
      WHERE sr.id = x.id AND sr.run_id = p_run AND sr.attempt = x.attempt
        AND (sr.status = 'done' OR sr.status = 'skipped' AND sr.cause IS DISTINCT FROM 'by_hand')
      RETURNING sr.id, sr.step, sr.attempt, x.seen
  LOOP
    INSERT INTO decision (run_id, step_run_id, kind, attempt, decided_by, decided_at, answer) VALUES (p_run, s.id, 'reopen', s.attempt, p_by, p_now, s.seen)
      ON CONFLICT DO NOTHING;
    v_told := v_told || jsonb_build_object('step', s.step, 'attempt', s.attempt, 'seen', s.seen);
    RETURN NEXT s.step;
  END LOOP;
  IF v_told = '[]' THEN RETURN; END IF;
  UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END WHERE report.run_id = p_run;
  FOR s IN SELECT t.detail FROM jsonb_array_elements(v_told) AS t(detail) LOOP
    PERFORM audit(p_run::text, p_by, 'step.reopened', s.detail);
  END LOOP;
END $$;

-- Beat, take over from the gone, wake what is due by the Clock, remind of approvals that nobody gives. Answers whether work is in hand anywhere and when to look again.
CREATE OR REPLACE FUNCTION sweep(p_me int, p_lease_ms int, p_now timestamptz)
RETURNS TABLE (taken_over int, woken int, ready int, in_hand int, adoptable int, undrawn int, next_due_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE r record; gone int[]; told jsonb := '[]';
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
      told := told || jsonb_build_object('run', r.run_id, 'action', 'step.taken_over',
        'detail', jsonb_build_object('step', r.step, 'attempt', r.attempt, 'by', p_me));
    END LOOP;
    UPDATE report p SET owner = NULL, retry_at = now() WHERE p.owner = ANY (gone);
    UPDATE inbound_delivery d SET owner = NULL WHERE d.handled_at IS NULL AND d.owner = ANY (gone);
  END IF;
  WITH c AS (SELECT s.id FROM step_run s WHERE s.status = 'waiting' AND s.due_at <= p_now FOR UPDATE SKIP LOCKED)
  UPDATE step_run s SET status = step_move(s.status, 'wake'), due_at = NULL FROM c WHERE s.id = c.id;
  GET DIAGNOSTICS woken = ROW_COUNT;
  FOR r IN SELECT DISTINCT s.run_id FROM step_run s JOIN run ON run.id = s.run_id AND run_allows(run.status, run.policy, s.stage) WHERE s.status = 'blocked' AND s.timed LOOP
    PERFORM 1 FROM run WHERE run.id = r.run_id FOR UPDATE SKIP LOCKED;
    IF FOUND THEN
      woken := woken + (SELECT count(*) FROM release_steps(r.run_id, p_me, 0, '{}', 0, p_now))::int;
    END IF;
  END LOOP;
  FOR r IN
    WITH c AS (SELECT u.id FROM run u WHERE u.status = 'awaiting_approval' AND u.remind_at <= p_now FOR UPDATE SKIP LOCKED)
    UPDATE run u SET reminders = u.reminders + 1,
        remind_at = p_now + coalesce((u.policy->>'protected.remindAfterHours')::int, 4) * interval '1 hour'
      FROM c WHERE u.id = c.id RETURNING u.id, u.reminders
  LOOP
    woken := woken + 1;
    UPDATE report p SET wanted = p.wanted + 1, wanted_at = CASE WHEN p.wanted = p.drawn THEN now() ELSE p.wanted_at END WHERE p.run_id = r.id;
    told := told || jsonb_build_object('run', r.id, 'action', 'run.approval_reminded', 'detail', jsonb_build_object('times', r.reminders));
  END LOOP;
  SELECT count(*) FILTER (WHERE s.status = 'ready'), count(*) FILTER (WHERE s.status = 'running') INTO ready, in_hand
    FROM step_run s WHERE s.status IN ('ready', 'running');
  SELECT count(*) INTO adoptable FROM inbound_delivery d WHERE d.handled_at IS NULL AND d.owner IS NULL;
  SELECT count(*) INTO undrawn FROM report p WHERE p.wanted > p.drawn AND p.owner IS NULL;
  SELECT min(s.due_at) INTO next_due_at FROM step_run s WHERE s.status = 'waiting';
  SELECT least(next_due_at, min(u.remind_at)) INTO next_due_at FROM run u WHERE u.status = 'awaiting_approval';
  IF EXISTS (SELECT 1 FROM step_run s JOIN run ON run.id = s.run_id AND run_allows(run.status, run.policy, s.stage) WHERE s.status = 'blocked' AND s.timed) THEN
    next_due_at := least(next_due_at, p_now + interval '1 second');
  END IF;
  -- Last, and runs in one order: two sweeps, or a sweep and a record, never wait for each other's chains in a circle.
  FOR r IN SELECT t->>'run' AS run, t->>'action' AS action, t->'detail' AS detail FROM jsonb_array_elements(told) AS t ORDER BY 1 LOOP
    PERFORM audit(r.run, 'runner', r.action, r.detail);
  END LOOP;
  RETURN NEXT;
END $$;
