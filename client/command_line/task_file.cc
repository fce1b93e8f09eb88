#include "client/command_line/task_file.h"

#include <fstream>
#include <iostream>
#include <iterator>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace holdline::client {
namespace {

absl::Status ReadJson(const std::string& json,
                      google::protobuf::Message* message) {
  const auto status =
      google::protobuf::util::JsonStringToMessage(json, message);
  if (status.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      std::string(status.message().data(), status.message().size()));
}

// The JSON of a SubmitTasksRequest that means the same.
absl::StatusOr<std::string> AsRequest(const std::string& json) {
  if (absl::StartsWith(absl::StripLeadingAsciiWhitespace(json), "[")) {
    return absl::StrCat("{\"tasks\":", json, "}");
  }
  google::protobuf::Struct object;
  const absl::Status status = ReadJson(json, &object);
  if (!status.ok()) return status;
  if (object.fields().contains("tasks")) return json;
  return absl::StrCat("{\"tasks\":[", json, "]}");
}

}  // namespace

absl::StatusOr<v1::SubmitTasksRequest> ParseTasks(const std::string& json) {
  const absl::StatusOr<std::string> as_request = AsRequest(json);
  if (!as_request.ok()) return as_request.status();
  v1::SubmitTasksRequest request;
  const absl::Status status = ReadJson(*as_request, &request);
  if (!status.ok()) return status;
  if (request.tasks().empty()) {
    return absl::InvalidArgumentError("It holds no task.");
  }
  return request;
}

absl::StatusOr<v1::SubmitTasksRequest> ReadTaskFile(const std::string& path) {
  std::string json;
  if (path == "-") {
    json.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
      return absl::InvalidArgumentError(
          absl::StrCat("Cannot read --file ", path, "."));
    }
    json.assign(std::istreambuf_iterator<char>(file), {});
  }
  absl::StatusOr<v1::SubmitTasksRequest> request = ParseTasks(json);
  if (request.ok()) return request;
  return absl::InvalidArgumentError(absl::StrCat(
      "--file ", path, " is not the JSON of a task or a list of tasks: ",
      request.status().message()));
}

}  // namespace holdline::client
