"""What the server has acknowledged, as its callers wrote it down."""

import collections
import threading
import time


class Ledger:
    """Callers write from many threads; the check reads when they have stopped."""

    def __init__(self):
        self._lock = threading.Lock()
        # Names of tasks by the request that submitted them.
        self.submitted = {}
        # Names of the tasks whose finish was acknowledged.
        self.ended = set()
        # What must not have happened, in words.
        self.violations = []
        # How often what happened.
        self.counts = collections.Counter()
        # Who has a task: its name to the task id and until when it is theirs.
        self._held = {}

    def note(self, what):
        with self._lock:
            self.counts[what] += 1

    def blame(self, violation):
        with self._lock:
            self.violations.append(violation)

    def acknowledge_submission(self, request_id, names):
        with self._lock:
            self.counts["submitted"] += len(names)
            self.submitted[request_id] = list(names)

    def hold(self, name, task_id, until):
        """Writes down that a runner was given a task.

        Until then, on the monotonic clock, the server may give it to nobody
        else unless the runner lets it go.
        """
        with self._lock:
            self.counts["handed out"] += 1
            other = self._held.get(name)
            if other and other[0] != task_id and time.monotonic() < other[1]:
                self.violations.append(f"{name} was handed to two at once")
            if name in self.ended:
                self.violations.append(f"{name} was handed out after its end")
            self._held[name] = (task_id, until)

    def let_go(self, name, task_id):
        """Writes down that the runner is about to give the task away."""
        with self._lock:
            if self._held.get(name, (None,))[0] == task_id:
                del self._held[name]

    def acknowledge_end(self, name):
        with self._lock:
            self.counts["finished"] += 1
            self.ended.add(name)
