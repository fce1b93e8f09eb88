-- What of a command to a whole pipeline is still to be carried out, and what of
-- a rerun.

ALTER TABLE pipeline ADD COLUMN order_cancellation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pipeline ADD COLUMN order_component INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pipeline ADD COLUMN order_start INTEGER NOT NULL
    DEFAULT -9223372036854775808;
ALTER TABLE instance ADD COLUMN rerun_reach INTEGER NOT NULL DEFAULT 0;
