"""What the README tells to type does what it says."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import unittest

from server_process import (
    HOLDLINE, PATIENCE_SECONDS, PROGRAMS, Server, eventually, new_folder)

AWS = pathlib.Path(sys.executable).with_name("aws")
RUNS = 6  # three days of two activities


def commands(heading):
    """The blocks of commands under the heading."""
    page = pathlib.Path("README.md").read_text(encoding="utf-8")
    section = page.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"(?:^    .*\n)+", section, re.M)


class ReadmeTest(unittest.TestCase):

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.kill)
        self.folder = pathlib.Path(new_folder())
        (self.folder / "deploy").symlink_to(PROGRAMS / "deploy")
        aws = self.folder / "aws"
        aws.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{AWS}" "$@"\n')
        aws.chmod(0o755)
        self.environment = {
            **os.environ,
            "PATH": f"{self.folder}:{HOLDLINE.parent}:{os.environ['PATH']}",
            "HOME": new_folder("home"),
            "HOLDLINE_ADDRESS": self.server.grpc,
            "AWS_ACCESS_KEY_ID": "any",
            "AWS_SECRET_ACCESS_KEY": "any",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def type(self, block):
        """Runs the commands and returns what they print."""
        script = block.replace("http://127.0.0.1:7071", self.server.endpoint)
        output = self.folder / "output"
        # A file: what goes on in the background would keep a pipe open.
        with output.open("w", encoding="utf-8") as file:
            shell = subprocess.Popen(
                ["bash", "-eu", "-c", script], cwd=self.folder,
                env=self.environment, stdout=file, stderr=subprocess.STDOUT,
                start_new_session=True)
            self.addCleanup(self.end_session, shell.pid)
            code = shell.wait(PATIENCE_SECONDS)
        text = output.read_text(encoding="utf-8")
        self.assertEqual(code, 0, text)
        return text

    @staticmethod
    def end_session(leader):
        try:
            os.killpg(leader, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def test_a_task_and_then_pipelines_with_both_clients(self):
        # The first task is that of deploy/start.
        self.type("holdline submit --worker-group demonstration"
                  " --type ShellCommandActivity --field command=true")
        self.assertIn("FINISHED", self.type(commands("A first task")[0]))
        by_holdline, by_aws = commands("A first pipeline")
        self.assertEqual(self.type(by_holdline).count("FINISHED"), RUNS)
        self.type(by_aws)
        *others, last = by_aws.rstrip().splitlines()
        ids = self.type("holdline pipelines list --json")
        pipeline = re.findall(r'df-[A-Z0-9]+', ids)[-1]
        runs = "\n".join([others[0], f"ID={pipeline}", last])
        eventually(lambda: self.type(runs).count("FINISHED") == RUNS,
                   "the runs have finished")


if __name__ == "__main__":
    unittest.main()
