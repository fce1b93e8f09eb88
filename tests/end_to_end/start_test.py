"""deploy/start shows a task performed, twice on one folder."""

import os
import pathlib
import signal
import subprocess
import unittest

import grpc

from grpc_client import Client, queue
from server_process import PATIENCE_SECONDS, PROGRAMS, new_folder


class StartTest(unittest.TestCase):

    def start(self, *options):
        """Starts deploy/start with the programs of this test."""
        process = subprocess.Popen(
            ["deploy/start", "--free-ports", *options],
            env={**os.environ, "HOLDLINE_BINARIES": str(PROGRAMS)},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        self.addCleanup(process.stdout.close)
        return process

    def test_a_task_is_seen_from_submission_to_its_output(self):
        data = new_folder()
        for number in (1, 2):
            process = self.start("--once", "--data-dir", data)
            output, _ = process.communicate(timeout=PATIENCE_SECONDS)
            self.assertEqual(process.returncode, 0, output)
            lines = output.splitlines()
            steps = [f"submitted as task-{number}", "attempt 1 handed out to",
                     "attempt 1 acknowledged", "attempt 1 ended: FINISHED",
                     f"task-{number} is FINISHED", "hello", "Done:"]
            for line in lines:
                if steps and steps[0] in line:
                    steps.pop(0)
            self.assertEqual(steps, [], output)
            self.assertTrue(lines[-1].startswith("Done: "), lines[-1])
        self.assertTrue(pathlib.Path(data, "broker").is_dir())

    def test_it_serves_until_it_is_interrupted(self):
        process = self.start("--data-dir", new_folder())
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Serving until Ctrl-C" in line:
                break
        address = next(line.split()[1] for line in lines if "  gRPC " in line)
        with Client(address) as client:
            name = client.submit("demonstration")
            ended = client.queue.WaitForTask(queue.WaitForTaskRequest(name=name))
            self.assertEqual(ended.state, queue.Task.FINISHED)
            process.send_signal(signal.SIGINT)
            rest = process.stdout.read()
            self.assertEqual(process.wait(PATIENCE_SECONDS), 0, rest)
            self.assertTrue(rest.splitlines()[-1].startswith("Done: "), rest)
            with self.assertRaises(grpc.RpcError):
                client.poll("nobody serves any more")

    def test_a_broker_that_cannot_start_is_explained(self):
        data = new_folder()
        pathlib.Path(data, "broker").write_text("not a folder")
        process = self.start("--once", "--data-dir", data)
        output, _ = process.communicate(timeout=PATIENCE_SECONDS)
        self.assertEqual(process.returncode, 1, output)
        self.assertIn("Failed: the broker did not start", output)

    def test_an_unknown_option_is_named(self):
        result = subprocess.run(["deploy/start", "--twice"],
                                stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(result.returncode, 2)
        self.assertIn("--twice", result.stderr)


if __name__ == "__main__":
    unittest.main()
