"""What is the runner's fault costs no task a try: real disks, shells, folders."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import unittest

from server_process import (HOLDLINE, PATIENCE_SECONDS, RUNNER, Server,
                            eventually, new_folder)

# Mounts of our own, which nobody else sees and which end with the process.
UNSHARE = ["unshare", "--mount", *([] if os.geteuid() == 0 else
                                   ["--map-root-user"])]
CAN_MOUNT = subprocess.run(
    [*UNSHARE, "mount", "-t", "tmpfs", "none", "/mnt"],
    stderr=subprocess.DEVNULL).returncode == 0
TASKS = 50


class RunnerReadinessTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.server = Server()

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()

    def holdline(self, *arguments):
        return subprocess.run(
            [HOLDLINE, "--address", self.server.grpc, *arguments], check=True,
            stdout=subprocess.PIPE, text=True, timeout=PATIENCE_SECONDS).stdout

    def submit(self, group, count):
        return self.holdline(
            "submit", "--worker-group", group, "--type",
            "ShellCommandActivity", "--attempts", "1", "--count", str(count),
            "--field", "command=echo hello").split()

    def states(self, group):
        listed = self.holdline("--json", "list", "--worker-group", group)
        return [json.loads(line)["state"] for line in listed.splitlines()]

    def command(self, group, folder):
        return [RUNNER, "--address", self.server.grpc, "--worker-group", group,
                "--log-dir", folder]

    def start(self, command):
        log = os.path.join(new_folder("log"), "runner.log")
        with open(log, "w") as file:
            runner = subprocess.Popen(command, stderr=file)
        self.addCleanup(runner.wait)
        self.addCleanup(runner.kill)
        return runner, lambda: pathlib.Path(log).read_text()

    def start_mounted(self, setup, group, folder):
        """Starts a runner that sees mounts of its own."""
        return self.start([
            *UNSHARE, "sh", "-c", f'{setup} && exec "$@"', "sh",
            *self.command(group, folder)])

    def refused_to_start(self, command):
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True,
                              timeout=PATIENCE_SECONDS)
        self.assertEqual(done.returncode, 1, done.stderr)
        return done.stderr

    def expect_nothing_taken(self, group, log, why):
        eventually(lambda: log().count("takes no tasks until") >= 2, why)
        self.assertIn(why, log())
        self.assertEqual(self.states(group), ["READY"] * TASKS)

    def test_a_folder_that_cannot_be_made_is_said_at_the_start(self):
        said = self.refused_to_start(self.command("start", "/proc/nowhere/logs"))
        self.assertRegex(said, "/proc/nowhere/?.*: No such file or directory")

    @unittest.skipUnless(CAN_MOUNT, "mounts are forbidden here")
    def test_a_folder_that_is_read_only_is_said_at_the_start(self):
        folder = new_folder("logs")
        said = self.refused_to_start([
            *UNSHARE, "sh", "-c",
            f'mount -t tmpfs -o ro none {folder} && exec "$@"', "sh",
            *self.command("start", folder)])
        self.assertIn(f"{folder}: Read-only file system", said)

    @unittest.skipUnless(CAN_MOUNT, "mounts are forbidden here")
    def test_a_shell_that_is_not_there_is_said_at_the_start(self):
        said = self.refused_to_start([
            *UNSHARE, "sh", "-c",
            'mount --bind /dev/null "$(readlink -f /bin/sh)" && exec "$@"',
            "sh", *self.command("start", new_folder("logs"))])
        self.assertIn("/bin/sh: Permission denied", said)

    @unittest.skipUnless(CAN_MOUNT, "mounts are forbidden here")
    def test_a_full_disk_leaves_the_queue_as_it_is(self):
        folder = new_folder("logs")
        runner, log = self.start_mounted(
            f"mount -t tmpfs -o size=1m none {folder}", "disk", folder)
        eventually(lambda: "takes tasks of disk" in log(), "it has begun")
        seen = pathlib.Path(f"/proc/{runner.pid}/root{folder}")
        try:
            with open(seen / "full", "wb") as file:
                file.write(bytes(1 << 20))
        except OSError:
            pass  # That it is full is what is wanted.
        names = self.submit("disk", TASKS)
        self.expect_nothing_taken(
            "disk", log, f"{folder}: No space left on device")
        (seen / "full").unlink()
        self.holdline("wait", *names)
        self.assertEqual(self.states("disk"), ["FINISHED"] * TASKS)
        self.assertIn("takes tasks again", log())

    def test_a_folder_that_goes_away_leaves_the_queue_as_it_is(self):
        folder = new_folder("logs")
        runner, log = self.start(self.command("folder", folder))
        eventually(lambda: "takes tasks of folder" in log(), "it has begun")
        shutil.rmtree(folder)
        pathlib.Path(folder).touch()
        self.submit("folder", TASKS)
        self.expect_nothing_taken("folder", log, "Not a directory")
        runner.send_signal(signal.SIGTERM)
        self.assertEqual(runner.wait(PATIENCE_SECONDS), 0)
        self.assertEqual(self.states("folder"), ["READY"] * TASKS)


if __name__ == "__main__":
    unittest.main()
