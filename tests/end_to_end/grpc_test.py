"""A Python program speaks gRPC to the real server."""

import threading
import unittest

from google.protobuf import descriptor_pb2
from google.protobuf import duration_pb2
import grpc
from grpc_health.v1 import health_pb2
from grpc_health.v1 import health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase)

from grpc_client import Client, pipeline, queue, reason
from server_process import Server

SERVICES = {"holdline.v1.DataPipeline", "holdline.v1.TaskQueue",
            "holdline.v1.Operator"}


class GrpcTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.server = Server("--hold-max", "300ms")
        cls.client = Client(cls.server.grpc)

    @classmethod
    def tearDownClass(cls):
        cls.client.channel.close()
        cls.server.kill()

    def expect_error(self, code, name, call, *arguments, **members):
        with self.assertRaises(grpc.RpcError) as caught:
            call(*arguments, **members)
        self.assertEqual(caught.exception.code(), code, caught.exception)
        self.assertEqual(reason(caught.exception), name)
        return caught.exception.details()

    def test_a_poll_without_a_task_is_held_and_answered_empty(self):
        self.assertIsNone(self.client.poll("nobody submits here"))

    def test_a_task_goes_from_submission_to_its_end(self):
        name = self.client.submit("life")
        self.assertEqual(self.client.state(name), "READY")
        task = self.client.poll("life", hostname="here")
        self.assertEqual(self.client.state(name), "LEASED")
        fields = {f.key: f.string_value
                  for f in task.objects[task.attempt_id].fields}
        self.assertEqual(fields["command"], "echo hello")
        self.assertFalse(self.client.report(task.task_id))
        self.client.finish(task.task_id)
        ended = self.client.queue.WaitForTask(
            queue.WaitForTaskRequest(name=name))
        self.assertEqual(ended.state, queue.Task.FINISHED)
        self.assertEqual(ended.attempts[0].hostname, "here")

    def test_a_parked_poll_gets_what_is_submitted(self):
        with Server() as server, Client(server.grpc) as client:
            tasks = []
            poller = threading.Thread(
                target=lambda: tasks.append(client.poll("parked")))
            poller.start()
            client.submit("parked")
            poller.join()
            self.assertEqual(len(tasks), 1)
            self.assertIsNotNone(tasks[0])

    def test_a_failed_attempt_is_tried_again(self):
        policy = queue.RetryPolicy(attempts=2, delay=duration_pb2.Duration())
        name = self.client.submit("retry", retry_policy=policy)
        for _ in range(2):
            task = self.client.poll("retry")
            self.client.finish(task.task_id, "FAILED", error_id="Oops",
                               error_message="it broke")
        self.assertEqual(self.client.state(name), "FAILED")
        ended = self.client.queue.GetTask(queue.GetTaskRequest(name=name))
        self.assertEqual([a.error_id for a in ended.attempts], ["Oops", "Oops"])

    def test_a_status_can_be_repeated_but_not_changed(self):
        self.client.submit("repeat")
        task_id = self.client.poll("repeat").task_id
        self.client.finish(task_id)
        self.client.finish(task_id)
        self.expect_error(grpc.StatusCode.NOT_FOUND, "TaskNotFoundException",
                          self.client.finish, task_id, "FAILED")
        self.assertTrue(self.client.report(task_id))

    def test_an_unacknowledged_task_goes_to_another_and_the_first_may_not_end_it(
            self):
        self.client.submit("lease",
                           acknowledge_timeout=duration_pb2.Duration(seconds=1))
        first = self.client.poll("lease")
        second = None
        while second is None:
            second = self.client.poll("lease")
        self.assertEqual(first.attempt_id, second.attempt_id)
        self.assertNotEqual(first.task_id, second.task_id)
        self.assertTrue(self.client.report(first.task_id))
        self.expect_error(grpc.StatusCode.NOT_FOUND, "TaskNotFoundException",
                          self.client.finish, first.task_id)
        self.assertFalse(self.client.report(second.task_id))
        self.client.finish(second.task_id)

    def test_a_garbled_task_id_is_not_found(self):
        self.client.submit("garbled")
        task_id = self.client.poll("garbled").task_id
        middle = len(task_id) // 2
        flipped = "A" if task_id[middle] != "A" else "B"
        for garbled in ("x", "task-1", task_id[:-4],
                        task_id[:middle] + flipped + task_id[middle + 1:]):
            self.expect_error(grpc.StatusCode.NOT_FOUND,
                              "TaskNotFoundException",
                              self.client.report, garbled)
        self.client.finish(task_id)

    def test_a_cancelled_task_tells_its_runner(self):
        name = self.client.submit("cancel")
        task_id = self.client.poll("cancel").task_id
        self.client.queue.CancelTask(
            queue.CancelTaskRequest(name=name, reason="no longer needed"))
        self.assertTrue(self.client.report(task_id))
        self.client.finish(task_id)
        self.assertEqual(self.client.state(name), "CANCELED")

    def test_a_released_task_is_ready_at_once(self):
        self.client.submit("release")
        first = self.client.poll("release")
        self.client.queue.ReleaseTask(
            queue.ReleaseTaskRequest(task_id=first.task_id))
        second = self.client.poll("release")
        self.assertEqual(first.attempt_id, second.attempt_id)
        self.client.finish(second.task_id)

    def test_a_request_id_makes_a_repeat_harmless(self):
        request = queue.SubmitTasksRequest(
            request_id="once", tasks=[queue.NewTask(
                worker_group="idempotent", type="T")])
        first = self.client.queue.SubmitTasks(request)
        second = self.client.queue.SubmitTasks(request)
        self.assertEqual(first.names, second.names)

    def test_limits_are_named_when_they_are_broken(self):
        details = self.expect_error(
            grpc.StatusCode.INVALID_ARGUMENT, "InvalidRequestException",
            self.client.poll, "")
        self.assertIn("workerGroup", details)
        details = self.expect_error(
            grpc.StatusCode.INVALID_ARGUMENT, "InvalidRequestException",
            self.client.poll, "g" * 1025)
        self.assertIn("1024", details)

    def test_errors_about_pipelines_have_their_aws_names(self):
        self.expect_error(
            grpc.StatusCode.NOT_FOUND, "PipelineNotFoundException",
            self.client.pipeline.GetPipelineDefinition,
            pipeline.GetPipelineDefinitionInput(pipeline_id="df-NOBODY"))

    def test_bytes_that_are_no_message_are_refused(self):
        call = self.client.channel.unary_unary(
            "/holdline.v1.DataPipeline/PollForTask")
        with self.assertRaises(grpc.RpcError) as caught:
            call(b"\xff\xff\xff\xff")
        self.assertIn(caught.exception.code(),
                      {grpc.StatusCode.INTERNAL,
                       grpc.StatusCode.INVALID_ARGUMENT})
        self.assertIsNone(self.client.poll("still served"))

    def test_an_unknown_method_is_refused(self):
        call = self.client.channel.unary_unary(
            "/holdline.v1.DataPipeline/NoSuchMethod")
        with self.assertRaises(grpc.RpcError) as caught:
            call(b"")
        self.assertEqual(caught.exception.code(),
                         grpc.StatusCode.UNIMPLEMENTED)

    def test_each_service_is_healthy(self):
        health = health_pb2_grpc.HealthStub(self.client.channel)
        for service in SERVICES | {""}:
            answer = health.Check(health_pb2.HealthCheckRequest(service=service))
            self.assertEqual(answer.status, health_pb2.HealthCheckResponse.SERVING)

    def test_reflection_tells_the_services_and_their_methods(self):
        database = ProtoReflectionDescriptorDatabase(self.client.channel)
        self.assertLessEqual(SERVICES, set(database.get_services()))
        file = descriptor_pb2.FileDescriptorProto()
        file.CopyFrom(database.FindFileContainingSymbol(
            "holdline.v1.DataPipeline"))
        self.assertEqual(len(file.service[0].method), 19)


if __name__ == "__main__":
    unittest.main()
