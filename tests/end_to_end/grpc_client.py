"""The three services over gRPC, in few words."""

import grpc
from holdline.v1 import contract_pb2
from holdline.v1 import data_pipeline_pb2 as pipeline
from holdline.v1 import data_pipeline_pb2_grpc
from holdline.v1 import operator_pb2_grpc
from holdline.v1 import task_queue_pb2 as queue
from holdline.v1 import task_queue_pb2_grpc

TIMEOUT_SECONDS = 100
# Each client has a connection of its own, and finds a server soon that is back
# at its address.
OPTIONS = [("grpc.use_local_subchannel_pool", 1),
           ("grpc.initial_reconnect_backoff_ms", 100),
           ("grpc.max_reconnect_backoff_ms", 100)]


class Client:

    def __init__(self, address, credentials=None):
        self.channel = (
            grpc.secure_channel(address, credentials, OPTIONS)
            if credentials else grpc.insecure_channel(address, OPTIONS))
        self.pipeline = data_pipeline_pb2_grpc.DataPipelineStub(self.channel)
        self.queue = task_queue_pb2_grpc.TaskQueueStub(self.channel)
        self.operator = operator_pb2_grpc.OperatorStub(self.channel)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.channel.close()

    def submit(self, group, **task):
        """Submits one `echo hello` and returns its name."""
        task.setdefault("type", "ShellCommandActivity")
        task.setdefault("fields", [
            pipeline.Field(key="command", string_value="echo hello")])
        answer = self.queue.SubmitTasks(
            queue.SubmitTasksRequest(
                tasks=[queue.NewTask(worker_group=group, **task)]),
            timeout=TIMEOUT_SECONDS)
        return answer.names[0]

    def poll(self, group, hostname="test"):
        """Returns a task object, or None."""
        answer = self.pipeline.PollForTask(
            pipeline.PollForTaskInput(worker_group=group, hostname=hostname),
            timeout=TIMEOUT_SECONDS)
        return answer.task_object if answer.HasField("task_object") else None

    def report(self, task_id):
        """Returns whether the task is cancelled."""
        return self.pipeline.ReportTaskProgress(
            pipeline.ReportTaskProgressInput(task_id=task_id),
            timeout=TIMEOUT_SECONDS).canceled

    def finish(self, task_id, status="FINISHED", **error):
        self.pipeline.SetTaskStatus(
            pipeline.SetTaskStatusInput(task_id=task_id, task_status=status,
                                        **error),
            timeout=TIMEOUT_SECONDS)

    def state(self, name):
        task = self.queue.GetTask(queue.GetTaskRequest(name=name),
                                  timeout=TIMEOUT_SECONDS)
        return queue.Task.State.Name(task.state)


def reason(error):
    """The AWS error name that an RpcError carries."""
    for key, value in error.trailing_metadata():
        if key == "grpc-status-details-bin":
            status = contract_pb2.ErrorStatus.FromString(value)
            return contract_pb2.ErrorReason.FromString(
                status.details[0].value).reason
    return ""
