-- A run with a ticket has a picture in Jira too: its comments. Runs without one have none, so nobody waits for it.
CREATE FUNCTION report_to_jira() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO report (key, audience, run_id) VALUES ('jira:' || NEW.run_id, 'jira', NEW.run_id) ON CONFLICT (key) DO NOTHING;
  RETURN NEW;
END $$;
CREATE TRIGGER report_to_jira AFTER INSERT ON step_run FOR EACH ROW WHEN (NEW.step = 'jira.ticket') EXECUTE FUNCTION report_to_jira();
