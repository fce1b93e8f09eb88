"""Says how a `bazel test` went, from the events that Bazel recorded.

Usage: count_results.py EXIT_CODE_OF_BAZEL EVENTS.json

Prints the tests that did not pass, a line `N passed, N failed, N skipped`, and
a last line that says what happened. Exits with Bazel's code, or with 1 if the
events do not bear out a success.
"""

import json
import sys

PASSED = {"PASSED", "FLAKY"}
SKIPPED = {"NO_STATUS"}


def statuses(lines):
    """Returns the status of each test by its label, in the order of labels."""
    found = {}
    for line in lines:
        event = json.loads(line)
        identity = event["id"]
        if "testSize" in event.get("configured", {}):
            found.setdefault(identity["targetConfigured"]["label"], "NO_STATUS")
        elif "testSummary" in event:
            label = identity["testSummary"]["label"]
            found[label] = event["testSummary"]["overallStatus"]
        elif not event.get("completed", {"success": True}).get("success"):
            label = identity["targetCompleted"]["label"]
            if label in found:
                found[label] = "FAILED_TO_BUILD"
    return dict(sorted(found.items()))


def main():
    bazel_code = int(sys.argv[1])
    with open(sys.argv[2]) as events:
        results = statuses(events)
    failed = [label for label, status in results.items()
              if status not in PASSED | SKIPPED]
    skipped = [label for label, status in results.items() if status in SKIPPED]
    passed = len(results) - len(failed) - len(skipped)
    for label in failed:
        print(f"  {results[label].lower().replace('_', ' ')}: {label}")
    print(f"{passed} passed, {len(failed)} failed, {len(skipped)} skipped")
    if bazel_code == 0 and passed and not failed:
        print("Done: everything was built, and every test passed.")
        return 0
    if failed:
        print(f"Failed: {len(failed)} of {len(results)} tests did not pass; "
              "their output is above and in bazel-testlogs/.")
    else:
        print(f"Failed: Bazel ended with code {bazel_code}; "
              "what it says is above.")
    return bazel_code or 1


if __name__ == "__main__":
    sys.exit(main())
