-- BambooHR: who said whose HR record a person's is, and the daily preflight.

-- Where HR and Okta may mean different people an operator decides before the run. In the run's own transaction, whichever door opened it.
CREATE FUNCTION keep_identity_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_answer jsonb := jsonb_build_object('chosen', NEW.ids->'hris.decided', 'offered', NEW.ids->'hris.offered', 'because', NEW.ids->'hris.because');
BEGIN
  INSERT INTO decision (run_id, kind, attempt, decided_by, decided_at, answer)
    VALUES (NEW.id, 'identity', 0, NEW.requested_by, NEW.requested_at, v_answer);
  PERFORM audit(NEW.id::text, NEW.requested_by, 'run.identity_decided', v_answer);
  RETURN NULL;
END $$;
CREATE TRIGGER identity_decided AFTER INSERT ON run FOR EACH ROW WHEN (NEW.ids ? 'hris.decided') EXECUTE FUNCTION keep_identity_decision();
