"""What the server has acknowledged of pipelines, as its callers wrote it down.

An instance is named by a pair: the id of its pipeline and its own.
"""

import collections
import math
import threading
import time


def instance_of(attempt_id):
    return attempt_id.rpartition("_Attempt=")[0]


def number_of(attempt_id):
    return int(attempt_id.rpartition("_Attempt=")[2])


class RunLedger:
    """Callers write from many threads; the check reads when they have stopped."""

    def __init__(self):
        self._lock = threading.Lock()
        # How an attempt ended, where that was acknowledged.
        self.ended = {}
        # What instances were told by SetStatus, and what was seen after it.
        self.steered = collections.defaultdict(list)
        # What must not have happened, in words.
        self.violations = []
        # How often what happened.
        self.counts = collections.Counter()
        # Who has an instance: the number of the attempt, the task id, and until
        # when it is theirs.
        self._held = {}
        # When an instance was steered last; infinite while it is.
        self._steered_at = {}
        # The highest attempt of an instance that was handed out.
        self._latest = {}
        # How much time has passed without anybody waiting for it.
        self._passed = 0

    def now(self):
        """The time, as leases count it, in seconds."""
        with self._lock:
            return self._now()

    def _now(self):
        return time.monotonic() + self._passed

    def pass_time(self, seconds):
        with self._lock:
            self._passed += seconds
            self.counts["minutes passed"] += round(seconds / 60)

    def note(self, what):
        with self._lock:
            self.counts[what] += 1

    def blame(self, violation):
        with self._lock:
            self.violations.append(violation)

    def hold(self, pipeline_id, attempt_id, task_id, polled_at, seconds):
        """Writes down that a runner was given a task, which is theirs for so
        long.

        Nobody else may be given the instance before, unless the runner lets it
        go or an operator intervenes, who may have done so since the poll.
        """
        key = (pipeline_id, instance_of(attempt_id))
        number = number_of(attempt_id)
        with self._lock:
            self.counts["handed out"] += 1
            other = self._held.get(key)
            if other and other[1] != task_id and self._now() < other[2]:
                self.violations.append(f"{attempt_id} was handed out while "
                                       f"attempt {other[0]} was at work")
            if (pipeline_id, attempt_id) in self.ended:
                self.violations.append(f"{attempt_id} was handed out after its end")
            if number < self._latest.get(key, 0):
                self.violations.append(f"{attempt_id} was handed out after a later")
            self._latest[key] = number
            if self._steered_at.get(key, 0) < polled_at:
                self._held[key] = (number, task_id, polled_at + seconds)

    def keep(self, pipeline_id, attempt_id, task_id, until):
        """Writes down that a report is made: the task is theirs till then."""
        key = (pipeline_id, instance_of(attempt_id))
        with self._lock:
            if self._held.get(key, (0, None))[1] == task_id:
                self._held[key] = (number_of(attempt_id), task_id, until)

    def is_held(self, pipeline_id, attempt_id, task_id):
        """Whether nothing can have ended the lease."""
        key = (pipeline_id, instance_of(attempt_id))
        with self._lock:
            _, held, until = self._held.get(key, (0, None, 0))
            return held == task_id and self._now() < until

    def let_go(self, pipeline_id, attempt_id, task_id):
        """Writes down that the runner is about to give the task away."""
        key = (pipeline_id, instance_of(attempt_id))
        with self._lock:
            if self._held.get(key, (0, None))[1] == task_id:
                del self._held[key]

    def acknowledge_end(self, pipeline_id, attempt_id, status):
        with self._lock:
            self.counts[status] += 1
            self.ended[pipeline_id, attempt_id] = status

    def begin_steering(self, pipeline_id, instance_id):
        """Writes down that SetStatus is about to be called."""
        with self._lock:
            self.steered[pipeline_id, instance_id].append(None)
            self._steered_at[pipeline_id, instance_id] = math.inf
            self._held.pop((pipeline_id, instance_id), None)

    def acknowledge_steering(self, pipeline_id, instance_id, status, seen):
        """Writes down that it was answered, and the fields seen afterwards."""
        with self._lock:
            self.counts[status] += 1
            self.steered[pipeline_id, instance_id][-1] = (status, seen)
            self._steered_at[pipeline_id, instance_id] = self._now()
