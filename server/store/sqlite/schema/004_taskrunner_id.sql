-- The runner of a hand-out, by the name that its poll had (DATAPIPELINE section
-- 3.14).

ALTER TABLE task_state ADD COLUMN lease_taskrunner_id TEXT NOT NULL DEFAULT '';
ALTER TABLE attempt ADD COLUMN lease_taskrunner_id TEXT NOT NULL DEFAULT '';
