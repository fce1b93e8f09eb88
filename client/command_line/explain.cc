#include "client/command_line/explain.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "client/call_error.h"
#include "holdline/v1/contract.pb.h"

namespace holdline::client {
namespace {

std::string Advice(const std::string& reason) {
  if (reason == "TaskNotFoundException") {
    return "`holdline list` lists tasks.";
  }
  if (reason == "PipelineNotFoundException" ||
      reason == "PipelineDeletedException") {
    return "`holdline pipelines list` lists pipelines.";
  }
  if (reason == "ThrottlingException") {
    return "Retry when some tasks have ended.";
  }
  if (reason == "MissingAuthenticationTokenException") {
    return "The server requires authentication: set HOLDLINE_ACCESS_KEY and "
           "HOLDLINE_SECRET, or use --access-key-file or --tls-certificate.";
  }
  if (reason == "UnrecognizedClientException") {
    return "The access key is unknown or disabled, or the secret is wrong.";
  }
  if (reason == "ServiceUnavailable") return "Retry in a moment.";
  if (reason == "UnknownOperationException") {
    return "The server does not support this method.";
  }
  return "";
}

}  // namespace

std::string Explain(const absl::Status& error, const std::string& address) {
  const std::string message(error.message());
  const std::optional<v1::ErrorReason> reason = ReasonOf(error);
  if (reason.has_value()) {
    std::string text = absl::StrCat(reason->reason(), ": ", message);
    const auto request_id = reason->metadata().find("requestId");
    if (request_id != reason->metadata().end()) {
      absl::StrAppend(&text, " (request ", request_id->second, ")");
    }
    const std::string advice = Advice(reason->reason());
    return advice.empty() ? text : absl::StrCat(text, "\n", advice);
  }
  if (absl::IsInvalidArgument(error)) return message;
  if (absl::IsUnavailable(error)) {
    return absl::StrCat(
        "No Holdline server responds at ", address, ": ", message,
        "\nStart one with `holdline-server --data-dir DIR`, or set its address "
        "with --address HOST:PORT or HOLDLINE_ADDRESS.");
  }
  if (absl::IsDeadlineExceeded(error)) {
    return absl::StrCat("The server at ", address,
                        " did not respond in time. The request may have taken "
                        "effect nevertheless.");
  }
  return absl::StrCat("The call to ", address, " failed: ", error.ToString());
}

ExitCode ExitCodeOf(const absl::Status& error) {
  if (absl::IsUnavailable(error)) return ExitCode::kUnreachable;
  if (ReasonOf(error).has_value()) return ExitCode::kRefused;
  if (absl::IsInvalidArgument(error)) return ExitCode::kUsage;
  if (absl::IsDeadlineExceeded(error)) return ExitCode::kUnreachable;
  return ExitCode::kRefused;
}

}  // namespace holdline::client
