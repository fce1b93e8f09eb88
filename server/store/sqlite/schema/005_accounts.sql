-- Each account counts its own tasks: broker/account_record.h. Those who have
-- anything go on counting where all of them together were.
CREATE TABLE account (
  account TEXT NOT NULL PRIMARY KEY,
  ordinal INTEGER NOT NULL UNIQUE,
  first_task INTEGER NOT NULL,
  next_task INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO account
SELECT account, row_number() OVER (ORDER BY account) - 1, next_task, next_task
FROM (SELECT account FROM task UNION SELECT account FROM request
      UNION SELECT account FROM pipeline UNION SELECT account FROM worker_group
      UNION SELECT account FROM runner)
JOIN counter;

ALTER TABLE counter DROP COLUMN next_task;
