-- The breaker: so many offboardings an hour begin, and the next one asks. Held by the database, whichever doors opened the runs.
-- Lock order as in 0002: run, step_run, report, audit head. The breaker's own locks come right after the run's row.

-- Business time: when a run began to act. NULL: it has not.
ALTER TABLE run ADD COLUMN acts_since timestamptz(3);
UPDATE run SET acts_since = opened_at WHERE kind = 'offboarding' AND opened_at IS NOT NULL;
CREATE INDEX run_acting ON run (acts_since) WHERE acts_since IS NOT NULL AND kind = 'offboarding';

-- Each time that it stopped something, until nothing is on hold for it any more: one message in the channel.
CREATE TABLE breaker_stop (
  id serial PRIMARY KEY,
  opened_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz
);
CREATE UNIQUE INDEX breaker_stop_open ON breaker_stop ((true)) WHERE ended_at IS NULL;
-- `number` is the fence of "let them all begin": who presses lets those begin that the message showed.
CREATE TABLE breaker_held (
  number serial PRIMARY KEY,
  stop_id int NOT NULL REFERENCES breaker_stop,
  run_id uuid NOT NULL REFERENCES run,
  let_by text,
  let_at timestamptz(3),
  UNIQUE (stop_id, run_id)
);
CREATE INDEX breaker_held_run ON breaker_held (run_id);

CREATE FUNCTION run_is_many(p_status text, p_start jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(p_status = 'held' AND p_start#>>'{held,because,why}' = 'many', false)
$$;

-- Asked as a run begins to act, by any door, in the statement that lets it: two at once never both are the last one. What a second person
-- has answered (an approval, "let them begin", a batch) is counted and not stopped. Where the policy closes a protected person's access before
-- the approval and the moment has come, only that is not done: somebody is asked already. 23 is SQL's class of constraints that are violated.
CREATE FUNCTION run_begins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_most int := (NEW.policy->>'breaker.runsAnHour')::int; v_at timestamptz; v_begun int;
BEGIN
  IF NOT run_allows(NEW.status, NEW.policy, 'contain') THEN RETURN NEW; END IF;
  v_at := CASE WHEN NEW.status = 'open' THEN NEW.opened_at WHEN TG_OP = 'UPDATE' THEN greatest(NEW.access_ends_at, NEW.requested_at) ELSE NEW.requested_at END;
  IF v_most IS NOT NULL AND NOT NEW.ids ? 'breaker.letBy'
      AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.run_id = NEW.id AND d.step_run_id IS NULL AND d.kind = 'approve') THEN
    PERFORM pg_advisory_xact_lock(4245, 0);
    SELECT count(*) INTO v_begun FROM run r WHERE r.kind = 'offboarding' AND r.acts_since > v_at - interval '1 hour' AND r.id <> NEW.id;
    IF v_begun >= v_most AND NEW.status = 'awaiting_approval' AND NEW.start ? 'passed' THEN
      NEW.policy := jsonb_set(NEW.policy, '{protected.containBeforeApproval}', 'false');
      RETURN NEW;
    ELSIF v_begun >= v_most THEN
      RAISE EXCEPTION '% offboardings began within an hour', v_begun USING ERRCODE = '23B22';
    END IF;
  END IF;
  NEW.acts_since := v_at;
  RETURN NEW;
END $$;
CREATE TRIGGER run_begins BEFORE INSERT OR UPDATE ON run FOR EACH ROW
  WHEN (NEW.kind = 'offboarding' AND NEW.acts_since IS NULL AND NEW.status IN ('open', 'awaiting_approval')) EXECUTE FUNCTION run_begins();

-- What the breaker holds, and when nothing of it is left: its one message is drawn again.
CREATE FUNCTION breaker_holds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_stop int; v_is boolean := run_is_many(NEW.status, NEW.start); v_was boolean := TG_OP = 'UPDATE' AND run_is_many(OLD.status, OLD.start);
BEGIN
  IF NOT v_is AND NOT v_was THEN RETURN NULL; END IF;
  PERFORM pg_advisory_xact_lock(4245, 1);
  SELECT b.id INTO v_stop FROM breaker_stop b WHERE b.ended_at IS NULL;
  IF v_is AND v_stop IS NULL THEN
    INSERT INTO breaker_stop DEFAULT VALUES RETURNING id INTO v_stop;
    INSERT INTO report (key, audience) VALUES ('breaker:' || v_stop, 'slack');
  END IF;
  IF v_is AND NOT v_was THEN
    INSERT INTO breaker_held AS h (stop_id, run_id) VALUES (v_stop, NEW.id)
      ON CONFLICT (stop_id, run_id) DO UPDATE SET number = excluded.number, let_by = NULL, let_at = NULL;
  ELSIF NOT v_is AND NOT EXISTS (SELECT 1 FROM run r WHERE r.status = 'held' AND run_is_many(r.status, r.start)) THEN
    UPDATE breaker_stop b SET ended_at = now() WHERE b.id = v_stop;
  END IF;
  UPDATE report p SET wanted = p.wanted + 1, wanted_at = CASE WHEN p.wanted = p.drawn THEN now() ELSE p.wanted_at END WHERE p.key = 'breaker:' || v_stop;
  PERFORM pg_notify('sendoff', '');
  RETURN NULL;
END $$;
CREATE TRIGGER breaker_holds AFTER INSERT OR UPDATE OF status, start ON run FOR EACH ROW WHEN (NEW.start IS NOT NULL) EXECUTE FUNCTION breaker_holds();

-- An approver's one word for all that the message showed, but for runs about themselves, and those they asked for. Nothing begins here:
-- they are due, and are read again as every scheduled run is. 'stale': none of them is on hold any more.
CREATE FUNCTION let_begin(p_stop int, p_up_to int, p_by text, p_now timestamptz)
RETURNS TABLE (verdict text, let int, decided_by text, decided_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE v_role text; v_runs uuid[]; v_run uuid;
BEGIN
  SELECT o.role INTO v_role FROM operator o WHERE o.team_id = split_part(p_by, '/', 1) AND o.user_id = split_part(p_by, '/', 2)
    AND o.removed_at IS NULL FOR SHARE;
  IF v_role IS NULL THEN verdict := 'not_operator'; RETURN NEXT; RETURN; END IF;
  IF v_role NOT IN ('approver', 'admin') THEN verdict := 'needs_approver'; RETURN NEXT; RETURN; END IF;
  SELECT array_agg(l.id) INTO v_runs FROM (SELECT r.id FROM run r JOIN breaker_held h ON h.run_id = r.id
    WHERE h.stop_id = p_stop AND h.number <= p_up_to AND run_is_many(r.status, r.start) AND r.requested_by <> p_by
      AND (r.ids->>'slack') IS DISTINCT FROM split_part(p_by, '/', 2) ORDER BY r.id FOR UPDATE OF r) AS l;
  IF v_runs IS NULL THEN
    SELECT h.let_by, h.let_at INTO decided_by, decided_at FROM breaker_held h WHERE h.stop_id = p_stop AND h.let_at IS NOT NULL ORDER BY h.let_at DESC LIMIT 1;
    verdict := CASE WHEN EXISTS (SELECT 1 FROM breaker_held h JOIN run r ON r.id = h.run_id WHERE h.stop_id = p_stop AND h.number <= p_up_to
      AND run_is_many(r.status, r.start)) THEN 'own_request' ELSE 'stale' END;
    RETURN NEXT; RETURN;
  END IF;
  UPDATE breaker_held h SET let_by = p_by, let_at = p_now WHERE h.stop_id = p_stop AND h.run_id = ANY (v_runs);
  UPDATE run r SET status = 'scheduled', ids = r.ids || jsonb_build_object('breaker.letBy', p_by), start_tries = 0, start_claimed_at = NULL,
      start = r.start || '{"status": "scheduled", "held": null, "trouble": null}' WHERE r.id = ANY (v_runs);
  FOREACH v_run IN ARRAY v_runs LOOP
    INSERT INTO decision (run_id, kind, attempt, decided_by, decided_at, answer) VALUES (v_run, 'start', 0, p_by, p_now, '{"together": true}');
    UPDATE report p SET wanted = p.wanted + 1, wanted_at = CASE WHEN p.wanted = p.drawn THEN now() ELSE p.wanted_at END WHERE p.run_id = v_run;
    PERFORM audit(v_run::text, p_by, 'run.let_begin', jsonb_build_object('together', cardinality(v_runs)));
  END LOOP;
  verdict := 'let'; let := cardinality(v_runs); RETURN NEXT;
END $$;

-- Batches: a list of people that two approvers allow together. Its people are a queue of their own until each has a run.
CREATE SEQUENCE batch_number;
CREATE TABLE batch (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  code text NOT NULL UNIQUE,
  -- The plan that was shown: submitted twice it is one batch.
  shown_as uuid NOT NULL UNIQUE,
  status text NOT NULL DEFAULT 'awaiting_approval' CHECK (status IN ('awaiting_approval', 'open', 'declined')),
  requested_by text NOT NULL,
  requested_at timestamptz(3) NOT NULL,
  reason text NOT NULL,
  plan_hash text NOT NULL,
  -- Who was left out when it was looked at, and why.
  left_out jsonb NOT NULL,
  judged_at timestamptz(3)
);
CREATE TABLE batch_person (
  batch_id uuid NOT NULL REFERENCES batch,
  number int NOT NULL,
  person_id text NOT NULL,
  person jsonb NOT NULL,
  ids jsonb NOT NULL,
  -- What was shown, word for word.
  plan jsonb NOT NULL,
  run_id uuid REFERENCES run,
  -- Why it got no run of its own. NULL: it has one, or has yet to get one.
  outcome text,
  tries int NOT NULL DEFAULT 0,
  -- The database's clock: a look that was begun counts as lost after a minute.
  claimed_at timestamptz,
  retry_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (batch_id, number),
  UNIQUE (batch_id, person_id)
);
CREATE UNIQUE INDEX batch_person_run ON batch_person (run_id);
CREATE INDEX batch_person_waiting ON batch_person (retry_at) WHERE run_id IS NULL AND outcome IS NULL;
CREATE TABLE batch_decision (
  batch_id uuid NOT NULL REFERENCES batch,
  decided_by text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('approve', 'decline')),
  decided_at timestamptz(3) NOT NULL,
  PRIMARY KEY (batch_id, decided_by)
);

CREATE FUNCTION want_batch(p_batch uuid) RETURNS void LANGUAGE sql AS $$
  UPDATE report p SET wanted = p.wanted + 1, wanted_at = CASE WHEN p.wanted = p.drawn THEN now() ELSE p.wanted_at END WHERE p.key = 'batch:' || p_batch
$$;

-- Asked for, once for each plan that was shown. Nothing begins. NULL: who asks is no operator any more.
CREATE FUNCTION ask_batch(p_batch jsonb, p_people jsonb) RETURNS TABLE (id uuid, code text) LANGUAGE plpgsql AS $$
DECLARE v_by text := p_batch->>'requestedBy'; v_id uuid; v_code text;
BEGIN
  PERFORM 1 FROM operator o WHERE o.team_id = split_part(v_by, '/', 1) AND o.user_id = split_part(v_by, '/', 2) AND o.removed_at IS NULL FOR SHARE;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(4246, hashtext(p_batch->>'shownAs'));
  SELECT b.id, b.code INTO v_id, v_code FROM batch b WHERE b.shown_as = (p_batch->>'shownAs')::uuid;
  IF NOT FOUND THEN
    v_code := 'BAT-' || nextval('batch_number');
    INSERT INTO batch AS b (code, shown_as, requested_by, requested_at, reason, plan_hash, left_out)
      VALUES (v_code, (p_batch->>'shownAs')::uuid, v_by, (p_batch->>'requestedAt')::timestamptz, p_batch->>'reason', p_batch->>'planHash', p_batch->'leftOut')
      RETURNING b.id INTO v_id;
    INSERT INTO batch_person (batch_id, number, person_id, person, ids, plan)
      SELECT v_id, n, x->>'personId', x->'person', x->'ids', x->'plan' FROM jsonb_array_elements(p_people) WITH ORDINALITY AS e(x, n);
    INSERT INTO report (key, audience) VALUES ('batch:' || v_id, 'slack');
    PERFORM want_homes(NULL);
    PERFORM audit('team', v_by, 'batch.asked', jsonb_build_object('batch', v_code, 'plan', p_batch->>'planHash', 'reason', p_batch->>'reason',
      'people', jsonb_path_query_array(p_people, '$[*].personId'), 'leftOut', jsonb_array_length(p_batch->'leftOut')));
    PERFORM pg_notify('sendoff', '');
  END IF;
  id := v_id; code := v_code; RETURN NEXT;
END $$;

-- An approver's yes or no. The second yes of two people who are approvers now, neither who asked nor among those who leave, opens it, if
-- who asked is an operator still. One no ends it. 'again': their own first yes stands, and is one.
CREATE FUNCTION judge_batch(p_batch uuid, p_kind text, p_by text, p_now timestamptz)
RETURNS TABLE (verdict text, approvals int, status text, decided_by text, decided_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE b record; v_why text; v_yes int;
BEGIN
  SELECT a.* INTO b FROM batch a WHERE a.id = p_batch FOR UPDATE;
  IF NOT FOUND THEN verdict := 'unknown'; RETURN NEXT; RETURN; END IF;
  v_why := why_not_second(b.requested_by, '{}', p_by);
  IF v_why IS NULL AND EXISTS (SELECT 1 FROM batch_person p WHERE p.batch_id = p_batch AND p.ids->>'slack' = split_part(p_by, '/', 2)) THEN v_why := 'is_leaver'; END IF;
  IF v_why IS NOT NULL THEN verdict := v_why; RETURN NEXT; RETURN; END IF;
  IF b.status <> 'awaiting_approval' THEN
    SELECT d.decided_by, d.decided_at INTO decided_by, decided_at FROM batch_decision d WHERE d.batch_id = p_batch ORDER BY d.kind = 'decline' DESC, d.decided_at DESC LIMIT 1;
    verdict := 'stale'; status := b.status; RETURN NEXT; RETURN;
  END IF;
  PERFORM 1 FROM operator o WHERE o.team_id = split_part(b.requested_by, '/', 1) AND o.user_id = split_part(b.requested_by, '/', 2) AND o.removed_at IS NULL FOR SHARE;
  IF NOT FOUND AND p_kind = 'approve' THEN verdict := 'asker_gone'; RETURN NEXT; RETURN; END IF;
  INSERT INTO batch_decision AS d (batch_id, decided_by, kind, decided_at) VALUES (p_batch, p_by, p_kind, p_now)
    ON CONFLICT ON CONSTRAINT batch_decision_pkey DO UPDATE SET kind = excluded.kind, decided_at = excluded.decided_at WHERE d.kind <> excluded.kind;
  verdict := CASE WHEN NOT FOUND THEN 'again' WHEN p_kind = 'approve' THEN 'approved' ELSE 'declined' END;
  -- Whoever was taken off the list since has not approved it.
  PERFORM 1 FROM operator o JOIN batch_decision d ON d.decided_by = o.team_id || '/' || o.user_id WHERE d.batch_id = p_batch ORDER BY o.user_id FOR SHARE OF o;
  SELECT count(*) INTO v_yes FROM batch_decision d JOIN operator o ON d.decided_by = o.team_id || '/' || o.user_id
    WHERE d.batch_id = p_batch AND d.kind = 'approve' AND o.removed_at IS NULL AND o.role IN ('approver', 'admin');
  status := CASE WHEN p_kind = 'decline' THEN 'declined' WHEN v_yes >= 2 THEN 'open' ELSE b.status END;
  IF status <> b.status THEN
    UPDATE batch a SET status = judge_batch.status, judged_at = p_now WHERE a.id = p_batch;
    UPDATE batch_person p SET retry_at = now() WHERE p.batch_id = p_batch;
  END IF;
  PERFORM want_batch(p_batch);
  PERFORM want_homes(NULL);
  PERFORM pg_notify('sendoff', '');
  IF verdict <> 'again' THEN
    PERFORM audit('team', p_by, 'batch.' || verdict, jsonb_build_object('batch', b.code, 'plan', b.plan_hash, 'approvals', v_yes, 'status', status));
  END IF;
  approvals := v_yes; decided_by := p_by; decided_at := p_now; RETURN NEXT;
END $$;

-- People of an approved batch who have no run yet become ours to look at, for a minute.
CREATE FUNCTION take_batch_people(p_limit int) RETURNS TABLE (batch_id uuid, number int, code text, requested_by text, requested_at timestamptz, judged_at timestamptz,
  reason text, person_id text, person jsonb, ids jsonb, plan jsonb, tries int) LANGUAGE sql AS $$
  UPDATE batch_person p SET claimed_at = now() FROM batch b WHERE b.id = p.batch_id AND (p.batch_id, p.number) IN (
    SELECT w.batch_id, w.number FROM batch_person w JOIN batch a ON a.id = w.batch_id
    WHERE a.status = 'open' AND w.run_id IS NULL AND w.outcome IS NULL AND w.retry_at <= now()
      AND (w.claimed_at IS NULL OR w.claimed_at < now() - interval '60 seconds')
    ORDER BY a.judged_at, w.number LIMIT p_limit FOR UPDATE OF w SKIP LOCKED)
  RETURNING p.batch_id, p.number, b.code, b.requested_by, b.requested_at, b.judged_at, b.reason, p.person_id, p.person, p.ids, p.plan, p.tries
$$;

-- Its run is linked in the statement that opens it: whoever goes on after a death finds it done.
CREATE FUNCTION batch_run_opened() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE batch_person p SET run_id = NEW.id WHERE p.batch_id = (NEW.ids->>'batch')::uuid AND p.person_id = NEW.person_id;
  PERFORM want_batch((NEW.ids->>'batch')::uuid);
  RETURN NULL;
END $$;
CREATE TRIGGER batch_run_opened AFTER INSERT ON run FOR EACH ROW WHEN (NEW.ids ? 'batch') EXECUTE FUNCTION batch_run_opened();

-- Who may approve is called by name: what waits for approvers is drawn again when the list changes.
CREATE FUNCTION redraw_waiting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  WITH p AS (SELECT r.key FROM report r WHERE r.key IN (SELECT 'batch:' || b.id FROM batch b WHERE b.status = 'awaiting_approval'
    UNION ALL SELECT 'breaker:' || s.id FROM breaker_stop s WHERE s.ended_at IS NULL) ORDER BY r.key FOR UPDATE)
  UPDATE report r SET wanted = r.wanted + 1, wanted_at = CASE WHEN r.wanted = r.drawn THEN now() ELSE r.wanted_at END FROM p WHERE r.key = p.key;
  RETURN NULL;
END $$;
CREATE TRIGGER draw_waiting AFTER INSERT OR UPDATE ON operator FOR EACH ROW EXECUTE FUNCTION redraw_waiting();
