"""`groups --watch` and `top` follow the real server, over its restarts."""

import json
import os
import pty
import signal
import subprocess
import threading
import unittest

from server_process import HOLDLINE, PATIENCE_SECONDS, Server, eventually


class Output:
    """What a program writes to a pipe or terminal, as it comes."""

    def __init__(self, descriptor):
        self._descriptor = descriptor
        self._text = ""
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while True:
            try:
                block = os.read(self._descriptor, 65536)
            except OSError:  # a terminal whose program has ended
                return
            if not block:
                return
            self._text += block.decode(errors="replace")

    def text(self):
        return self._text

    def await_text(self, text, after=0):
        eventually(lambda: text in self._text[after:],
                   f"{text!r} in {self._text!r}")


class WatchTest(unittest.TestCase):

    def setUp(self):
        self.server = Server("--watches-max", "2")
        self.addCleanup(lambda: self.server.kill())

    def holdline(self, *arguments):
        return subprocess.run(
            [HOLDLINE, "--address", self.server.grpc, *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            timeout=PATIENCE_SECONDS)

    def submit(self, group):
        result = self.holdline("submit", "--worker-group", group, "--type", "T")
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.strip()

    def start(self, *arguments):
        program = subprocess.Popen(
            [HOLDLINE, "--address", self.server.grpc, *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(program.stdout.close)
        self.addCleanup(program.stderr.close)
        self.addCleanup(lambda: program.poll() is None and program.kill())
        return (program, Output(program.stdout.fileno()),
                Output(program.stderr.fileno()))

    def interrupt(self, program):
        program.send_signal(signal.SIGINT)
        self.assertEqual(program.wait(PATIENCE_SECONDS), 0)

    def test_a_line_for_each_group_that_changes(self):
        self.submit("blue")
        watch, out, _ = self.start("groups", "--watch", "--interval", "100ms")
        out.await_text("blue: 1 ready")
        task = self.submit("green")
        out.await_text("green: 1 ready")
        self.holdline("cancel", task)
        out.await_text("green: gone")
        self.interrupt(watch)
        self.assertEqual(out.text().count("blue"), 1)

    def test_json_is_what_the_protocol_tells(self):
        self.submit("blue")
        watch, out, _ = self.start("--json", "groups", "--watch")
        out.await_text("\n")
        message = json.loads(out.text().splitlines()[0])
        self.assertTrue(message["snapshotComplete"])
        self.assertEqual(message["groups"][0]["workerGroup"], "blue")
        self.interrupt(watch)

    def test_a_watch_goes_on_when_the_server_is_there_again(self):
        self.submit("blue")
        watch, out, err = self.start("groups", "--watch", "--interval", "100ms")
        out.await_text("blue: 1 ready")
        self.assertEqual(self.server.stop(), 0)
        err.await_text("trying again")
        self.assertIn("The server is stopping", err.text())
        self.server = Server(data=self.server.data, grpc=self.server.grpc)
        err.await_text("there again")
        self.submit("blue")
        out.await_text("blue: 2 ready")
        self.interrupt(watch)

    def test_a_watch_goes_on_when_the_server_was_killed(self):
        watch, out, err = self.start("groups", "--watch", "--interval", "100ms")
        err.await_text("No worker group is in use")
        self.server.kill()
        err.await_text("trying again")
        self.server = Server(data=self.server.data, grpc=self.server.grpc)
        self.submit("blue")
        out.await_text("blue: 1 ready")
        self.interrupt(watch)

    def test_more_watches_than_the_account_may_have_are_refused(self):
        watches = [self.start("groups", "--watch") for _ in range(2)]
        for _, _, err in watches:
            err.await_text("No worker group is in use")
        refused = self.holdline("groups", "--watch")
        self.assertEqual(refused.returncode, 4)
        self.assertIn("limit of 2 open watches", refused.stderr)
        for watch, _, _ in watches:
            self.interrupt(watch)

    def test_top_prints_tables_where_there_is_no_terminal(self):
        self.submit("blue")
        shown = self.holdline("top", "--count", "2", "--interval", "100ms")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertEqual(shown.stdout.count("1 group, 1 ready"), 2)
        self.assertEqual(shown.stdout.count("OLDEST READY"), 2)
        self.assertNotIn("\x1b", shown.stdout)

    def test_top_fills_a_terminal_and_leaves_it_as_it_was(self):
        self.submit("blue")
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        top = subprocess.Popen(
            [HOLDLINE, "--address", self.server.grpc, "top", "--interval",
             "100ms", "--sort", "oldest"],
            stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        self.addCleanup(lambda: top.poll() is None and top.kill())
        screen = Output(ours)
        screen.await_text("blue")
        self.assertTrue(screen.text().startswith("\x1b[?1049h"))
        self.server.kill()
        screen.await_text("does not answer since")
        self.server = Server(data=self.server.data, grpc=self.server.grpc)
        self.submit("green")
        screen.await_text("green")
        self.interrupt(top)
        eventually(lambda: screen.text().endswith("\x1b[?25h\x1b[?1049l"),
                   "the terminal is as it was")

    def test_without_a_server_it_says_so(self):
        address = self.server.grpc
        self.server.kill()
        for verb in (["groups", "--watch"], ["top"]):
            result = subprocess.run([HOLDLINE, "--address", address, *verb],
                                    stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, text=True,
                                    timeout=PATIENCE_SECONDS)
            self.assertEqual(result.returncode, 5, result.stderr)


if __name__ == "__main__":
    unittest.main()
