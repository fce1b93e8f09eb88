"""The metrics page tells how the real server fares."""

import re
import unittest
import urllib.request

from grpc_client import Client, pipeline
from server_process import Server, eventually

LINE = re.compile(r"^(holdline_[a-z_]+)(\{[^}]*\})? (\S+)$")

# What dashboards and alerts stand on: there before anything has happened.
AT_ZERO = {
    "holdline_attempt_failures_total",
    "holdline_batch_commands_count",
    "holdline_calls_total",
    "holdline_commit_seconds_count",
    "holdline_dispatch_latency_seconds_count",
    "holdline_inbox_depth_count",
    "holdline_notification_attempts_total",
    "holdline_notifications_pending",
    "holdline_oldest_notification_age_seconds",
    "holdline_pipeline_attempts_failed_total",
    "holdline_pipeline_components_behind",
    "holdline_pipeline_runs_live",
    "holdline_pipeline_runs_total",
    "holdline_pipeline_schedule_lag_seconds_count",
    "holdline_pipelines",
    "holdline_poll_hold_seconds_count",
    "holdline_poll_results_total",
    "holdline_redeliveries_total",
    "holdline_store_bytes",
    "holdline_store_errors_total",
    "holdline_store_free_bytes",
    "holdline_store_up",
    "holdline_tasks_ended_total",
    "holdline_tasks_leased_total",
    "holdline_tasks_live",
    "holdline_tasks_submitted_total",
}


def scrape(server):
    """Returns {(name, labels): value} of the series of ours."""
    with urllib.request.urlopen(f"http://{server.metrics}/metrics",
                                timeout=60) as page:
        text = page.read().decode()
    found = {}
    for line in text.splitlines():
        match = LINE.match(line)
        if match:
            found[match[1], match[2] or ""] = float(match[3])
    return found


def total(series, name, label=""):
    return sum(value for (each, labels), value in series.items()
               if each == name and label in labels)


def activate(client, group, command):
    """Runs the command once, in a pipeline on demand, and returns its id."""
    def item(name, **fields):
        return pipeline.PipelineObject(id=name, name=name, fields=[
            pipeline.Field(key=key, string_value=value)
            for key, value in fields.items()])

    made = client.pipeline.CreatePipeline(pipeline.CreatePipelineInput(
        name="counted", unique_id="1"))
    client.pipeline.PutPipelineDefinition(
        pipeline.PutPipelineDefinitionInput(
            pipeline_id=made.pipeline_id,
            pipeline_objects=[
                item("Default", scheduleType="ondemand", workerGroup=group),
                item("Run", type="ShellCommandActivity", command=command)]))
    client.pipeline.ActivatePipeline(
        pipeline.ActivatePipelineInput(pipeline_id=made.pipeline_id))
    return made.pipeline_id


class MetricsTest(unittest.TestCase):

    def test_every_series_exists_from_the_beginning(self):
        with Server() as server:
            names = {name for name, _ in scrape(server)}
            kinds = {labels for name, labels in scrape(server)
                     if name == "holdline_poll_results_total"}
        self.assertEqual(AT_ZERO - names, set())
        for kind in ("task", "empty", "cancelled", "drained", "undelivered"):
            self.assertTrue(any(f'"{kind}"' in labels for labels in kinds),
                            f"no {kind} in {kinds}")

    def test_what_happens_is_counted(self):
        with Server("--hold-max", "100ms") as server, \
                Client(server.grpc) as client:
            client.poll("counted")
            client.submit("counted")
            self.expect(server, empty=1, ready=1)
            task_id = client.poll("counted").task_id
            self.expect(server, empty=1, task=1, leased=1)
            client.finish(task_id)
            self.expect(server, empty=1, task=1)

    def test_pipelines_are_counted_and_logged_without_what_they_hold(self):
        with Server("--log-level", "debug") as server, \
                Client(server.grpc) as client:
            name = activate(client, "counted", "login hunter2")
            series = scrape(server)
            self.assertEqual(
                total(series, "holdline_pipelines", '"scheduled"'), 1)
            self.assertEqual(total(series, "holdline_pipeline_runs_live",
                                   '"waiting_for_runner"'), 1)
            client.finish(client.poll("counted").task_id)
            series = scrape(server)
            self.assertEqual(
                total(series, "holdline_pipelines", '"finished"'), 1)
            self.assertEqual(total(series, "holdline_pipeline_runs_live"), 0)
            self.assertEqual(
                total(series, "holdline_pipeline_runs_total",
                      '{family="activity",status="finished"}'), 1)
            server.stop()
        log = server.log()
        for event in ("created", "activated", "finished"):
            self.assertRegex(log, f" pipeline_{event} .*{name}")
        self.assertRegex(log, f" run_changed .*{name} .*status=RUNNING")
        self.assertNotIn("hunter2", log)

    def expect(self, server, **expected):
        """Waits for the figures: a poll is counted once its answer has left,
        which a quick caller sees before the page does."""
        expected = {"empty": 0, "task": 0, "ready": 0, "leased": 0} | expected

        def found():
            series = scrape(server)
            return {
                "empty": total(series, "holdline_poll_results_total",
                               '"empty"'),
                "task": total(series, "holdline_poll_results_total", '"task"'),
                "ready": total(series, "holdline_tasks_ready", '"counted"'),
                "leased": total(series, "holdline_leases_active",
                                '"counted"')}

        eventually(lambda: found() == expected, f"the figures are {expected}")


if __name__ == "__main__":
    unittest.main()
