// One step of a task runner for each line, with the AWS SDK for JavaScript v3.
// README.md beside this folder says what the lines are.

import { DataPipeline, TaskNotFoundException } from "@aws-sdk/client-data-pipeline";
import { hostname } from "node:os";
import { createInterface } from "node:readline";

const service = new DataPipeline(); // Endpoint, region and keys: environment.

const steps = {
  async poll(workerGroup) {
    const { taskObject: task } = await service.pollForTask({
      workerGroup,
      hostname: hostname(),
    });
    if (!task) return ["none"];
    const { fields } = task.objects[task.attemptId];
    const command = fields.find((field) => field.key === "command");
    return ["task", task.taskId, command.stringValue];
  },
  async report(taskId, percent) {
    const fields = [{ key: "percentComplete", stringValue: percent }];
    const { canceled } = await service.reportTaskProgress({ taskId, fields });
    return [canceled ? "canceled" : "continue"];
  },
  async finish(taskId) {
    await service.setTaskStatus({ taskId, taskStatus: "FINISHED" });
    return ["ok"];
  },
  async fail(taskId, errorId, errorMessage) {
    await service.setTaskStatus({
      taskId,
      taskStatus: "FAILED",
      errorId,
      errorMessage,
    });
    return ["ok"];
  },
  async heartbeat(taskrunnerId) {
    const { terminate } = await service.reportTaskRunnerHeartbeat({
      taskrunnerId,
      hostname: hostname(),
    });
    return [terminate ? "terminate" : "continue"];
  },
};

function failure(error) {
  const { httpStatusCode, requestId } = error.$metadata ?? {};
  const kind = error instanceof TaskNotFoundException ? "gone"
    : httpStatusCode ? "error" : "broken";
  return [kind, error.name, httpStatusCode, requestId, error.message];
}

for await (const line of createInterface({ input: process.stdin })) {
  const [step, ...members] = line.split("\t");
  const answer = await steps[step](...members).catch(failure);
  console.log(answer.join("\t"));
}
