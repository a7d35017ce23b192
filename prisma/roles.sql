-- Three roles for a database of your own: the owner of the schema migrates, sendoff_app runs, sendoff_auditor reads.
-- Run once as the owner, after `prisma migrate deploy` and after each upgrade; give the roles their passwords yourself.
-- The app also works with one role that owns the schema; then only the triggers guard the audit log, not permissions.
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'sendoff_app') THEN CREATE ROLE sendoff_app LOGIN; END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'sendoff_auditor') THEN CREATE ROLE sendoff_auditor LOGIN; END IF;
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM sendoff_app, sendoff_auditor;
GRANT USAGE ON SCHEMA public TO sendoff_app, sendoff_auditor;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO sendoff_app;
GRANT SELECT, INSERT, UPDATE ON instance, operator, run, step_run, vendor_write, decision, vendor_pace, sealed_secret, device_order, knock, poll, breaker_stop, breaker_held, batch, batch_person, batch_decision TO sendoff_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON inbound_delivery, report, delivery, sweep_finding TO sendoff_app;
-- Append and read, nothing else; the heads are kept by a trigger that runs as the owner.
GRANT SELECT, INSERT ON audit_event TO sendoff_app;
GRANT SELECT ON step_transition, _prisma_migrations TO sendoff_app;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO sendoff_auditor;
-- Sealed or not: passcodes and home addresses are no evidence.
REVOKE ALL ON sealed_secret FROM sendoff_auditor;
