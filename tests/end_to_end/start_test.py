"""deploy/start shows a task performed, twice on one folder."""

import os
import pathlib
import subprocess
import unittest

from server_process import PATIENCE_SECONDS, PROGRAMS, new_folder


class StartTest(unittest.TestCase):

    def start(self, data):
        return subprocess.run(
            ["deploy/start", "--once", "--data-dir", data],
            env={**os.environ, "HOLDLINE_BINARIES": str(PROGRAMS)},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=PATIENCE_SECONDS)

    def test_a_task_is_seen_from_submission_to_its_output(self):
        data = new_folder()
        for number in (1, 2):
            result = self.start(data)
            self.assertEqual(result.returncode, 0, result.stdout)
            lines = result.stdout.splitlines()
            steps = [f"submitted as task-{number}", "attempt 1 handed out to",
                     "attempt 1 acknowledged", "attempt 1 ended: FINISHED",
                     f"task-{number} is FINISHED", "hello", "Done:"]
            for line in lines:
                if steps and steps[0] in line:
                    steps.pop(0)
            self.assertEqual(steps, [], result.stdout)
            self.assertTrue(lines[-1].startswith("Done: "), lines[-1])
        self.assertTrue(pathlib.Path(data, "broker").is_dir())

    def test_an_unknown_option_is_named(self):
        result = subprocess.run(["deploy/start", "--twice"],
                                stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(result.returncode, 2)
        self.assertIn("--twice", result.stderr)


if __name__ == "__main__":
    unittest.main()
