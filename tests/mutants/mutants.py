"""Seeds the faults of faults.toml one by one and says which no test notices.

    tests/run --mutants               all of them
    tests/run --mutants broker auth   those whose names begin so
    tests/run --mutants --list        what there is

A fault is written into the source, its tests are built and run, and the source
is put back. A fault is killed if a test fails; a survivor, or one that does not
compile, makes the exit code 1. Sources with uncommitted changes are refused, so
that `git checkout` always is the way back.
"""

import argparse
import pathlib
import signal
import subprocess
import sys
import tempfile

import faults

KILLED, SURVIVED, BROKEN = "killed", "SURVIVED", "DOES NOT COMPILE"

# Of `bazel test`: all passed, the build failed, tests failed.
_OUTCOMES = {0: SURVIVED, 1: BROKEN, 3: KILLED}


def selected(found, beginnings):
    return [fault for fault in found
            if not beginnings or fault.name.startswith(tuple(beginnings))]


def refusal(found):
    """Says why the faults cannot be seeded now, or nothing."""
    complaints = [complaint for complaint in (fault.complaint()
                                              for fault in found) if complaint]
    changed = subprocess.run(
        ["git", "-C", str(faults.ROOT), "status", "--porcelain", "--",
         *{fault.file for fault in found}],
        check=True, capture_output=True, text=True).stdout
    complaints += [f"{line[3:]}: has uncommitted changes"
                   for line in changed.splitlines()]
    return "\n".join(complaints)


def bazel_test(fault, log):
    code = subprocess.run(
        ["bazel", "test", "--keep_going", "--test_output=errors",
         *fault.tests], cwd=faults.ROOT, stdout=log, stderr=log).returncode
    if code not in _OUTCOMES:
        sys.exit(f"bazel ended with {code}; its output is in {log.name}")
    return _OUTCOMES[code]


def outcome_of(fault, log, run_tests=bazel_test):
    """Seeds a fault, runs its tests, and puts the source back."""
    path = faults.ROOT / fault.file
    sound = path.read_text()
    try:
        path.write_text(fault.applied_to(sound))
        return run_tests(fault, log)
    finally:
        path.write_text(sound)


def arguments_of(words):
    parser = argparse.ArgumentParser(
        prog="tests/run --mutants",
        description="Seeds faults and says which of them no test notices.")
    parser.add_argument("names", nargs="*", metavar="NAME",
                        help="only faults whose names begin so")
    parser.add_argument("--list", action="store_true",
                        help="list the faults and seed none")
    return parser.parse_args(words)


def main(words):
    arguments = arguments_of(words)
    found = selected(faults.load(), arguments.names)
    if not found:
        sys.exit("No fault has such a name; --list has them all.")
    if arguments.list:
        for fault in found:
            print(f"{fault.name:40} {fault.file}")
        return 0
    complaints = refusal(found)
    if complaints:
        sys.exit(complaints)
    # So that a fault never stays behind when the run is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    outcomes = []
    with tempfile.NamedTemporaryFile("w", prefix="mutants-", suffix=".log",
                                     delete=False) as log:
        for number, fault in enumerate(found, 1):
            outcomes.append(outcome_of(fault, log))
            print(f"[{number}/{len(found)}] {outcomes[-1]}: {fault.name} "
                  f"({fault.file})", flush=True)
    killed = outcomes.count(KILLED)
    print(f"{killed} of {len(found)} faults killed; "
          f"the output of their tests is in {pathlib.Path(log.name)}")
    return 0 if killed == len(found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
