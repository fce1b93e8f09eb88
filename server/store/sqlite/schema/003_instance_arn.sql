-- The cloud's name for the host of a hand-out (DATAPIPELINE section 3.14).

ALTER TABLE task_state ADD COLUMN lease_instance_arn TEXT NOT NULL DEFAULT '';
ALTER TABLE attempt ADD COLUMN lease_instance_arn TEXT NOT NULL DEFAULT '';
ALTER TABLE instance_attempt ADD COLUMN instance_arn TEXT NOT NULL DEFAULT '';
