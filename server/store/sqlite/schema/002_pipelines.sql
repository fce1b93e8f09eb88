-- What a task is: see TaskKind.
ALTER TABLE task ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;

-- Of a deleted pipeline (state 5) the number, id and account are left.
CREATE TABLE pipeline (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL,
  creator TEXT NOT NULL,
  name TEXT NOT NULL,
  unique_id TEXT NOT NULL,
  description TEXT NOT NULL,
  tags BLOB NOT NULL,
  state INTEGER NOT NULL,
  saved_version INTEGER NOT NULL,
  active_version INTEGER NOT NULL,
  errored INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  first_activated_at INTEGER NOT NULL,
  last_activated_at INTEGER NOT NULL,
  deactivated_at INTEGER NOT NULL,
  finished_at INTEGER NOT NULL,
  health INTEGER NOT NULL,
  health_at INTEGER NOT NULL
) STRICT;

CREATE INDEX pipeline_by_account ON pipeline (account) WHERE state <> 5;

-- Deleted pipelines that still have rows in the tables below.
CREATE TABLE leftover (
  pipeline INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE definition (
  pipeline INTEGER NOT NULL,
  version INTEGER NOT NULL,
  definition BLOB NOT NULL,
  PRIMARY KEY (pipeline, version)
) STRICT;

CREATE TABLE component (
  pipeline INTEGER NOT NULL,
  number INTEGER NOT NULL,
  id TEXT NOT NULL,
  status INTEGER NOT NULL,
  next_interval INTEGER NOT NULL,
  skip_before INTEGER NOT NULL,
  latest_run INTEGER NOT NULL,
  latest_completed_run INTEGER NOT NULL,
  deactivated_at INTEGER NOT NULL,
  health INTEGER NOT NULL,
  health_at INTEGER NOT NULL,
  health_from BLOB NOT NULL,
  PRIMARY KEY (pipeline, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE instance (
  pipeline INTEGER NOT NULL,
  start_time INTEGER NOT NULL,
  component INTEGER NOT NULL,
  owner INTEGER NOT NULL,
  end_time INTEGER NOT NULL,
  version INTEGER NOT NULL,
  status INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  retries_left INTEGER NOT NULL,
  task INTEGER NOT NULL,
  rerun INTEGER NOT NULL,
  late INTEGER NOT NULL,
  waiting_on BLOB NOT NULL,
  cascade_failed_on BLOB NOT NULL,
  error_id TEXT NOT NULL,
  error_message TEXT NOT NULL,
  stack_trace TEXT NOT NULL,
  cancellation_reason TEXT NOT NULL,
  rechecks INTEGER NOT NULL,
  rechecked_at INTEGER NOT NULL,
  PRIMARY KEY (pipeline, start_time, component, owner)
) STRICT, WITHOUT ROWID;

-- Neither index holds a column that changes with each status: an instance moves
-- in the first when it ends, in the second when it is to run again.

-- Live instances are those that end in infinite future. So one index finds both
-- them, by pipeline, and, oldest first, the ended ones that may be trimmed.
CREATE INDEX instance_by_end ON instance (ended_at);

-- Finds the latest runs among years of them.
CREATE INDEX instance_by_creation ON instance (pipeline, created_at);

CREATE TABLE instance_attempt (
  pipeline INTEGER NOT NULL,
  start_time INTEGER NOT NULL,
  component INTEGER NOT NULL,
  owner INTEGER NOT NULL,
  number INTEGER NOT NULL,
  task INTEGER NOT NULL,
  status INTEGER NOT NULL,
  ready_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  hostname TEXT NOT NULL,
  reported_at INTEGER NOT NULL,
  progress BLOB NOT NULL,
  error_id TEXT NOT NULL,
  error_message TEXT NOT NULL,
  stack_trace TEXT NOT NULL,
  cancellation_reason TEXT NOT NULL,
  PRIMARY KEY (pipeline, start_time, component, owner, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE notification (
  number INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  pipeline_id TEXT NOT NULL,
  object_id TEXT NOT NULL,
  action_id TEXT NOT NULL,
  topic TEXT NOT NULL,
  subject TEXT NOT NULL,
  message TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  due_at INTEGER NOT NULL
) STRICT;

-- The next numbers to be given out: one row.
CREATE TABLE pipeline_counter (
  next_pipeline INTEGER NOT NULL,
  next_notification INTEGER NOT NULL
) STRICT;

INSERT INTO pipeline_counter VALUES (1, 1);
