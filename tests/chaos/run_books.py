"""The server's books of one pipeline, and what must be true of them."""

import collections

from pipeline_objects import describe, query

from run_ledger import instance_of, number_of

# What works or is about to; an instance that waits for something does not.
AT_WORK = ["WAITING_FOR_RUNNER", "CREATING", "RUNNING", "SHUTTING_DOWN"]
SATISFIED = {"FINISHED", "SKIPPED"}
ENDED = {"FINISHED", "FAILED", "CASCADE_FAILED", "CANCELED", "TIMEDOUT",
         "SKIPPED"}


class Books:

    def __init__(self, client, pipeline_id):
        self.pipeline_id = pipeline_id
        ids = query(client, pipeline_id, "INSTANCE")
        attempt_ids = query(client, pipeline_id, "ATTEMPT")
        self.complaints = [
            f"{name} is listed twice" for name, count in
            collections.Counter(ids + attempt_ids).items() if count > 1]
        self.instances = describe(client, pipeline_id, ids)
        self.attempts = describe(client, pipeline_id, attempt_ids)
        self.numbers = collections.defaultdict(list)
        for name in attempt_ids:
            self.numbers[instance_of(name)].append(number_of(name))

    def status(self, name):
        found = self.instances.get(name) or self.attempts[name]
        return found["@status"][0]

    def expect(self, condition, name, what):
        if not condition:
            about = self.instances.get(name) or self.attempts.get(name)
            self.complaints.append(f"{name} {what}: {about}")

    def check_intervals(self, expected):
        """Each component has one instance for each interval, and only that."""
        found = {name for name, fields in self.instances.items()
                 if "node" not in fields}
        self.complaints += [f"{name} was skipped" for name in expected - found]
        self.complaints += [f"{name} should not be" for name in found - expected]
        intervals = collections.Counter(
            (fields["@componentParent"][0], fields["@scheduledStartTime"][0],
             *fields.get("node", [])) for fields in self.instances.values())
        self.complaints += [f"{interval} is there {count} times"
                            for interval, count in intervals.items() if count > 1]

    def check_attempts(self):
        """Attempts are numbered without gaps, belong to their instance, and all
        have ended."""
        for name, fields in self.instances.items():
            numbers = sorted(self.numbers[name])
            self.expect(numbers == list(range(1, len(numbers) + 1)), name,
                        f"has the attempts {numbers}")
            if "@attemptCount" in fields:
                self.expect(int(fields["@attemptCount"][0]) == len(numbers),
                            name, f"has {len(numbers)} attempts")
            self.expect(
                fields.get("@headAttempt", []) ==
                ([f"{name}_Attempt={numbers[-1]}"] if numbers else []),
                name, "has another head")
        for name, fields in self.attempts.items():
            self.expect(fields["@instanceParent"] == [instance_of(name)] and
                        instance_of(name) in self.instances, name,
                        "has no instance")
            self.expect(fields["@status"][0] in ENDED, name, "has not ended")

    def check_rests(self):
        """Each instance has ended, or waits for one that does not let it go."""
        for name, fields in self.instances.items():
            if fields["@status"][0] in ENDED:
                self.expect("@actualEndTime" in fields, name, "has no end")
                continue
            waits_for = fields.get("@waitingOn", [])
            self.expect(fields["@status"][0] == "WAITING_ON_DEPENDENCIES" and
                        waits_for, name, "waits for nothing")
            for other in waits_for:
                self.expect(other in self.instances and
                            self.status(other) not in SATISFIED, name,
                            f"waits for {other} in vain")
                # Only what has failed for good is a reason.
                self.expect(self.is_blocked(other), name, "could go on")

    def is_blocked(self, name):
        """Whether it has failed, or waits for one that is blocked."""
        if name not in self.instances:
            return False
        if self.status(name) in ENDED:
            return self.status(name) not in SATISFIED
        return any(self.is_blocked(other) for other in
                   self.instances[name].get("@waitingOn", []))

    def check_tries(self, ledger):
        """What nobody steered was tried until it succeeded, and no more often
        than its tries."""
        for name, fields in self.instances.items():
            if ((self.pipeline_id, name) in ledger.steered or
                    fields["type"][0] == "S3DataNode" or
                    fields["@status"][0] not in ("FINISHED", "FAILED")):
                continue
            ends = [self.status(f"{name}_Attempt={number}")
                    for number in sorted(self.numbers[name])]
            if fields["type"][0] != "ShellCommandPrecondition":
                self.expect(set(ends[:-1]) <= {"FAILED"}, name,
                            f"has ended {ends}")
                tries = int(fields["maximumRetries"][0]) + 1
                self.expect(len(ends) <= tries, name, "was tried too often")
                if fields["@status"][0] == "FAILED":
                    self.expect(len(ends) == tries, name, "was given up")
            self.expect(ends[-1] == fields["@status"][0], name,
                        f"ended unlike its attempts {ends}")

    def check_ledger(self, ledger):
        """What was acknowledged holds."""
        for (pipeline_id, name), status in ledger.ended.items():
            if pipeline_id == self.pipeline_id:
                self.check_end(name, status, ledger)
        for (pipeline_id, name), calls in ledger.steered.items():
            if pipeline_id == self.pipeline_id and calls[-1]:
                self.check_steered(name, *calls[-1])

    def check_end(self, name, status, ledger):
        if name not in self.attempts:
            self.complaints.append(f"{name} has ended and is lost")
            return
        expected = {"FINISHED" if status == "FALSE" else status}
        if (self.pipeline_id, instance_of(name)) in ledger.steered:
            # It may have been cancelled or marked before the runner spoke.
            expected |= {"CANCELED", "FINISHED"}
        self.expect(self.status(name) in expected, name,
                    f"was acknowledged as {status}")

    def check_steered(self, name, verb, seen):
        """`verb` was the last that the instance was told."""
        status = self.status(name)
        before = seen["@status"][0]
        if before in ("FINISHED", "CANCELED", "FAILED") and verb != "RERUN":
            self.expect(status == before, name, f"was {before} after {verb}")
        self.expect(int(self.instances[name].get("@attemptCount", ["0"])[0]) >=
                    int(seen.get("@attemptCount", ["0"])[0]), name,
                    f"has lost attempts since {verb}: {seen}")
