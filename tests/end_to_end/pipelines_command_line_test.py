"""Pipelines from the command line, against the real server."""

import json
import os
import subprocess
import unittest

from server_process import (HOLDLINE, PATIENCE_SECONDS, RUNNER, Server,
                            eventually, new_folder)

DEFINITION = """{
  "objects": [
    {"id": "Default", "scheduleType": "ondemand", "workerGroup": "%s",
     "failureAndRerunMode": "none"},
    {"id": "First", "type": "ShellCommandActivity",
     "command": "%s"},
    {"id": "Second", "type": "ShellCommandActivity",
     "command": "echo #{myWord}",
     "dependsOn": {"ref": "First"}}
  ],
  "parameters": [{"id": "myWord", "type": "String"}],
  "values": {"myWord": "hello"}
}
"""


class PipelinesCommandLineTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.server = Server()

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()

    def run_pipelines(self, *arguments):
        return subprocess.run(
            [HOLDLINE, "--address", self.server.grpc, "pipelines", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            timeout=PATIENCE_SECONDS)

    def pipelines(self, *arguments):
        result = self.run_pipelines(*arguments)
        self.assertEqual(result.returncode, 0, result.stderr + result.stdout)
        return result.stdout

    def write(self, text):
        path = os.path.join(new_folder(), "definition.json")
        with open(path, "w") as file:
            file.write(text)
        return path

    def create(self, group, command="echo first"):
        """Makes a pipeline whose definition is saved; returns its id."""
        pipeline = self.pipelines("create", "--name", group).strip()
        self.pipelines("put-definition", pipeline, "--definition",
                       self.write(DEFINITION % (group, command)))
        return pipeline

    def start_runner(self, group):
        runner = subprocess.Popen(
            [RUNNER, "--address", self.server.grpc, "--worker-group", group,
             "--log-dir", new_folder("output")], stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: (runner.kill(), runner.wait()))

    def run_of(self, pipeline, component):
        """Returns the run of a component, once there is one."""
        def find():
            lines = self.pipelines("runs", pipeline, "--json").splitlines()
            ids = [json.loads(line)["id"] for line in lines]
            return next((i for i in ids if i.startswith(f"@{component}_")), None)
        return eventually(find, f"a run of {component}")

    def test_a_definition_runs_to_its_end(self):
        pipeline = self.create("ends")
        self.assertIn("PENDING", self.pipelines("describe", pipeline))
        self.start_runner("ends")
        self.pipelines("activate", pipeline)
        followed = self.pipelines("runs", pipeline, "--follow", "--interval",
                                  "100ms")
        self.assertIn("First", followed)
        shown = self.pipelines("runs", pipeline)
        self.assertEqual(shown.count("FINISHED"), 2, shown)
        self.assertIn(pipeline, self.pipelines("list"))
        graph = self.pipelines("graph", pipeline)
        self.assertIn("-->|dependsOn|", graph)
        self.assertIn("HEALTHY", graph)
        second = self.run_of(pipeline, "Second")
        self.assertIn("has FINISHED",
                      self.pipelines("explain", pipeline, second))
        self.assertEqual(
            self.pipelines("evaluate", pipeline, second, "#{command}"),
            "echo hello\n")

    def test_a_definition_comes_back_as_it_was_put(self):
        pipeline = self.create("back")
        first = self.pipelines("get-definition", pipeline)
        again = self.pipelines("create", "--name", "again").strip()
        self.pipelines("put-definition", again, "--definition",
                       self.write(first))
        self.assertEqual(self.pipelines("get-definition", again), first)
        definition = json.loads(first)
        self.assertEqual(definition["values"], {"myWord": "hello"})
        self.assertEqual(definition["objects"][2]["dependsOn"],
                         {"ref": "First"})

    def test_errors_have_their_lines(self):
        text = DEFINITION % ("lines", "true")
        path = self.write(text.replace('"ref": "First"', '"ref": "Frist"'))
        result = self.run_pipelines("validate", "--definition", path)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn(f"{path}:9:6: error: Second: ", result.stdout)
        self.assertNotIn("validate", self.pipelines("list"))

    def test_a_waiting_run_is_explained_down_to_its_cause(self):
        pipeline = self.create("nobody")
        self.pipelines("activate", pipeline)
        second = self.run_of(pipeline, "Second")
        sentence = self.pipelines("explain", pipeline, second)
        self.assertIn(f"{second} waits for @First_", sentence)
        self.assertIn("worker group nobody, and none polls for it", sentence)

    def test_a_failure_is_followed_explained_and_passed_over(self):
        group = "fails"
        pipeline = self.pipelines("create", "--name", group).strip()
        text = (DEFINITION % (group, "exit 3")).replace(
            '"scheduleType"', '"maximumRetries": "0", "scheduleType"')
        self.pipelines("put-definition", pipeline, "--definition",
                       self.write(text))
        self.start_runner(group)
        self.pipelines("activate", pipeline)
        first = self.run_of(pipeline, "First")
        second = self.run_of(pipeline, "Second")
        eventually(lambda: "has FAILED" in self.pipelines("explain", pipeline,
                                                          second),
                   "the first has failed")
        self.pipelines("mark-finished", pipeline, first)
        self.pipelines("runs", pipeline, "--follow", "--interval", "100ms")

    def test_a_deleted_pipeline_is_gone(self):
        pipeline = self.create("deleted")
        self.pipelines("delete", pipeline)
        result = self.run_pipelines("describe", pipeline)
        self.assertEqual(result.returncode, 4)
        self.assertIn("PipelineDeletedException", result.stderr)
        self.assertNotIn(pipeline, self.pipelines("list"))


if __name__ == "__main__":
    unittest.main()
