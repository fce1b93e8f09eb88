#include "tests/load/subject.h"

#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/load/connection.h"

namespace holdline::load {
namespace {

constexpr absl::Duration kAnswerTimeMax = absl::Seconds(10);

std::string AnswersIn(const Places& places) {
  return absl::StrCat(places.directory, "/answers");
}

// Returns a callback that keeps the answer in a file and notes its status.
template <typename Output>
OnAnswer<Output> Keep(const std::string& path, absl::Status* status,
                      Output* kept) {
  return [=](const grpc::Status& result, const Output& answer) {
    *kept = answer;
    *status = absl::OkStatus();
    if (!result.ok()) {
      *status = absl::UnavailableError(result.error_message());
    } else if (std::ofstream file(path); !file.write(
                   answer.SerializeAsString().data(),
                   static_cast<std::streamsize>(answer.ByteSizeLong()))) {
      *status = absl::UnavailableError(absl::StrCat("cannot write ", path));
    }
  };
}

}  // namespace

absl::StatusOr<std::unique_ptr<ServerProcess>> StartServer(
    const Places& places, Subject subject, RawPoll raw_poll,
    const std::vector<std::string>& broker_options) {
  if (subject == Subject::kRaw) {
    std::vector<std::string> command = {places.raw_server, AnswersIn(places)};
    if (raw_poll == RawPoll::kHeld) command.push_back("--hold");
    return ServerProcess::Start(std::move(command));
  }
  const std::string data = absl::StrCat(places.directory, "/data");
  std::filesystem::remove_all(data);
  std::vector<std::string> command = {
      places.server,    "--data-dir",        data,
      "--grpc-address", "127.0.0.1:0",       "--http-address",
      "127.0.0.1:0",    "--metrics-address", "127.0.0.1:0"};
  command.insert(command.end(), broker_options.begin(), broker_options.end());
  return ServerProcess::Start(std::move(command));
}

absl::Status KeepAnswers(const Places& places) {
  const auto server = StartServer(places, Subject::kBroker, RawPoll::kAnswered);
  if (!server.ok()) return server.status();
  const auto connections = Connection::Open((*server)->address(), 1);
  if (!connections.ok()) return connections.status();
  Connection* const connection = connections->front().get();
  const std::string answers = AnswersIn(places);
  std::filesystem::create_directories(answers);

  CallLoop loop;
  absl::Status status;
  v1::SubmitTasksResponse submitted;
  v1::PollForTaskOutput polled;
  v1::SetTaskStatusOutput finished;
  const auto await = [&] {
    status = absl::DeadlineExceededError("the broker does not answer");
    loop.RunUntil(absl::Now() + kAnswerTimeMax,
                  [&] { return !absl::IsDeadlineExceeded(status); });
    return status.ok();
  };
  connection->Submit(&loop,
                     Keep(answers + "/SubmitTasks", &status, &submitted));
  if (!await()) return status;
  connection->Poll(&loop, Keep(answers + "/PollForTask", &status, &polled));
  if (!await()) return status;
  connection->Finish(&loop, polled.task_object().task_id(),
                     Keep(answers + "/SetTaskStatus", &status, &finished));
  await();
  return status;
}

}  // namespace holdline::load
