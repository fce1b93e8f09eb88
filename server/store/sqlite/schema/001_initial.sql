-- Times and durations are microseconds, times since 1970; the largest and the
-- smallest integer are infinite future and past.

PRAGMA application_id = 0x484F4C44;  -- "HOLD"

-- What was asked for: written once.
CREATE TABLE task (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  worker_group TEXT NOT NULL,
  type TEXT NOT NULL,
  priority INTEGER NOT NULL,
  fairness_key TEXT NOT NULL,
  retry_attempts INTEGER NOT NULL,
  retry_delay INTEGER NOT NULL,
  retry_backoff REAL NOT NULL,
  retry_delay_max INTEGER NOT NULL,
  retry_jitter REAL NOT NULL,
  acknowledge_timeout INTEGER NOT NULL,
  progress_timeout INTEGER NOT NULL,
  attempt_timeout INTEGER NOT NULL,
  submitted_at INTEGER NOT NULL,
  payload BLOB NOT NULL
) STRICT;

-- How far it has come: small, because it is written often.
CREATE TABLE task_state (
  id INTEGER PRIMARY KEY,
  phase INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  ready_at INTEGER NOT NULL,
  lease INTEGER NOT NULL,
  lease_hostname TEXT NOT NULL,
  lease_handed_out_at INTEGER NOT NULL,
  lease_acknowledged_at INTEGER NOT NULL,
  lease_reported_at INTEGER NOT NULL,
  lease_deadline INTEGER NOT NULL,
  lease_failed INTEGER NOT NULL,
  progress BLOB NOT NULL,
  ended_at INTEGER NOT NULL,
  cancellation_reason TEXT NOT NULL
) STRICT;

-- Live tasks are those that end in infinite future. So one index finds both
-- them and, oldest first, the ended ones that may be trimmed.
CREATE INDEX task_state_by_end ON task_state (ended_at);

-- The attempts that failed, in the order of their rows.
CREATE TABLE attempt (
  task INTEGER NOT NULL,
  number INTEGER NOT NULL,
  lease INTEGER NOT NULL,
  lease_hostname TEXT NOT NULL,
  lease_handed_out_at INTEGER NOT NULL,
  lease_acknowledged_at INTEGER NOT NULL,
  lease_reported_at INTEGER NOT NULL,
  lease_deadline INTEGER NOT NULL,
  error_id TEXT NOT NULL,
  error_message TEXT NOT NULL,
  stack_trace TEXT NOT NULL,
  ended_at INTEGER NOT NULL
) STRICT;

CREATE INDEX attempt_by_task ON attempt (task);

CREATE TABLE worker_group (
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  paused INTEGER NOT NULL,
  draining INTEGER NOT NULL,
  PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE runner (
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  hostname TEXT NOT NULL,
  worker_group TEXT NOT NULL,
  heartbeat_at INTEGER NOT NULL,
  draining INTEGER NOT NULL,
  PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE request (
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  fingerprint INTEGER NOT NULL,
  first_task INTEGER NOT NULL,
  tasks INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;

-- The next numbers to be given out: one row.
CREATE TABLE counter (
  next_task INTEGER NOT NULL,
  next_lease INTEGER NOT NULL
) STRICT;

INSERT INTO counter VALUES (1, 1);

-- What task ids are signed with: one row.
CREATE TABLE secret (
  secret BLOB NOT NULL
) STRICT;
