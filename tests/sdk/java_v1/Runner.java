import com.amazonaws.SdkClientException;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.datapipeline.DataPipeline;
import com.amazonaws.services.datapipeline.DataPipelineClientBuilder;
import com.amazonaws.services.datapipeline.model.DataPipelineException;
import com.amazonaws.services.datapipeline.model.Field;
import com.amazonaws.services.datapipeline.model.PollForTaskRequest;
import com.amazonaws.services.datapipeline.model.ReportTaskProgressRequest;
import com.amazonaws.services.datapipeline.model.ReportTaskRunnerHeartbeatRequest;
import com.amazonaws.services.datapipeline.model.SetTaskStatusRequest;
import com.amazonaws.services.datapipeline.model.TaskNotFoundException;
import com.amazonaws.services.datapipeline.model.TaskObject;
import com.amazonaws.services.datapipeline.model.TaskStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/**
 * One step of a task runner for each line, with the AWS SDK for Java v1.
 *
 * <p>../README.md says what the lines are.
 */
final class Runner {
  // The keys are the environment's. This SDK does not ask it for the endpoint.
  private final DataPipeline service =
      DataPipelineClientBuilder.standard()
          .withEndpointConfiguration(
              new EndpointConfiguration(
                  System.getenv("AWS_ENDPOINT_URL"), System.getenv("AWS_REGION")))
          .build();
  private final String host;

  private Runner(String host) {
    this.host = host;
  }

  private String poll(String group) {
    TaskObject task =
        service
            .pollForTask(new PollForTaskRequest().withWorkerGroup(group).withHostname(host))
            .getTaskObject();
    if (task == null) {
      return "none";
    }
    String command =
        task.getObjects().get(task.getAttemptId()).getFields().stream()
            .filter(field -> field.getKey().equals("command"))
            .findFirst()
            .map(Field::getStringValue)
            .orElseThrow();
    return String.join("\t", "task", task.getTaskId(), command);
  }

  private String report(String task, String percent) {
    var request =
        new ReportTaskProgressRequest()
            .withTaskId(task)
            .withFields(new Field().withKey("percentComplete").withStringValue(percent));
    return service.reportTaskProgress(request).isCanceled() ? "canceled" : "continue";
  }

  private String finish(String task) {
    service.setTaskStatus(
        new SetTaskStatusRequest().withTaskId(task).withTaskStatus(TaskStatus.FINISHED));
    return "ok";
  }

  private String fail(String task, String id, String message) {
    service.setTaskStatus(
        new SetTaskStatusRequest()
            .withTaskId(task)
            .withTaskStatus(TaskStatus.FAILED)
            .withErrorId(id)
            .withErrorMessage(message));
    return "ok";
  }

  private String heartbeat(String id) {
    var request = new ReportTaskRunnerHeartbeatRequest().withTaskrunnerId(id).withHostname(host);
    return service.reportTaskRunnerHeartbeat(request).isTerminate() ? "terminate" : "continue";
  }

  private String perform(String[] words) {
    return switch (words[0]) {
      case "poll" -> poll(words[1]);
      case "report" -> report(words[1], words[2]);
      case "finish" -> finish(words[1]);
      case "fail" -> fail(words[1], words[2], words[3]);
      case "heartbeat" -> heartbeat(words[1]);
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  private static String failure(String kind, DataPipelineException error) {
    return String.join(
        "\t",
        kind,
        error.getErrorCode(),
        Integer.toString(error.getStatusCode()),
        error.getRequestId(),
        error.getErrorMessage());
  }

  private String answer(String[] words) {
    try {
      return perform(words);
    } catch (TaskNotFoundException error) {
      return failure("gone", error);
    } catch (DataPipelineException error) {
      return failure("error", error);
    } catch (SdkClientException error) {
      return String.join("\t", "broken", error.getClass().getName(), "", "", error.getMessage());
    }
  }

  public static void main(String[] arguments) throws IOException {
    Runner runner = new Runner(InetAddress.getLocalHost().getHostName());
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      answers.println(runner.answer(line.split("\t", -1)));
    }
  }
}
