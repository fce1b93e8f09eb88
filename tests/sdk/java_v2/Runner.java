import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.datapipeline.DataPipelineClient;
import software.amazon.awssdk.services.datapipeline.model.DataPipelineException;
import software.amazon.awssdk.services.datapipeline.model.Field;
import software.amazon.awssdk.services.datapipeline.model.TaskNotFoundException;
import software.amazon.awssdk.services.datapipeline.model.TaskObject;
import software.amazon.awssdk.services.datapipeline.model.TaskStatus;

/**
 * One step of a task runner for each line, with the AWS SDK for Java v2.
 *
 * <p>../README.md says what the lines are.
 */
final class Runner {
  // Endpoint, region and keys: environment.
  private final DataPipelineClient service = DataPipelineClient.create();
  private final String host;

  private Runner(String host) {
    this.host = host;
  }

  private String poll(String group) {
    TaskObject task =
        service.pollForTask(request -> request.workerGroup(group).hostname(host)).taskObject();
    if (task == null) {
      return "none";
    }
    String command =
        task.objects().get(task.attemptId()).fields().stream()
            .filter(field -> field.key().equals("command"))
            .findFirst()
            .map(Field::stringValue)
            .orElseThrow();
    return String.join("\t", "task", task.taskId(), command);
  }

  private String report(String task, String percent) {
    Field field = Field.builder().key("percentComplete").stringValue(percent).build();
    return service.reportTaskProgress(request -> request.taskId(task).fields(field)).canceled()
        ? "canceled"
        : "continue";
  }

  private String finish(String task) {
    service.setTaskStatus(request -> request.taskId(task).taskStatus(TaskStatus.FINISHED));
    return "ok";
  }

  private String fail(String task, String id, String message) {
    service.setTaskStatus(
        request ->
            request
                .taskId(task)
                .taskStatus(TaskStatus.FAILED)
                .errorId(id)
                .errorMessage(message));
    return "ok";
  }

  private String heartbeat(String id) {
    return service
            .reportTaskRunnerHeartbeat(request -> request.taskrunnerId(id).hostname(host))
            .terminate()
        ? "terminate"
        : "continue";
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
        error.awsErrorDetails().errorCode(),
        Integer.toString(error.statusCode()),
        error.requestId(),
        error.awsErrorDetails().errorMessage());
  }

  private String answer(String[] words) {
    try {
      return perform(words);
    } catch (TaskNotFoundException error) {
      return failure("gone", error);
    } catch (DataPipelineException error) {
      return failure("error", error);
    } catch (SdkException error) {
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
