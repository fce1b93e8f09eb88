"""Time that passes while the server is down, without anybody waiting for it."""

import contextlib
import os
import sqlite3

# What the server writes for infinite future.
_NEVER = 2**63 - 1


def pass_time(data, seconds):
    """Moves what the stopped server has noted into the past.

    To the server that is started next it looks as if it had been down for so
    much longer: leases have run out and delays are over. The times that
    schedules are made of stay.
    """
    path = os.path.join(data, "holdline.db")
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        for table, column in list(_times(database)):
            database.execute(
                f"UPDATE {table} SET {column} = {column} - ? "
                f"WHERE {column} > 0 AND {column} < ?",
                (round(seconds * 1e6), _NEVER))
    # Closing has moved the log into the database and deleted it, in good order,
    # which the server cannot know of another program.
    with open(os.path.join(data, "holdline.state"), "w") as state:
        state.write("closed\n")


def _times(database):
    tables = database.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    for (table,) in tables:
        for _, column, *_ in database.execute(f"PRAGMA table_info({table})"):
            if column == "lease_deadline" or (
                    column.endswith("_at") and column != "created_at"):
                yield table, column
