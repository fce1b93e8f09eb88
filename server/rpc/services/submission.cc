#include "server/rpc/services/submission.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/base/utf8.h"
#include "server/contract/validation.h"
#include "server/queries/proto_time.h"
#include "server/queries/task_object.h"
#include "server/rpc/services/fingerprint.h"

namespace holdline {
namespace {

constexpr size_t kLabelKeyMax = 63;
constexpr size_t kLabelValueMax = 256;

RetryPolicy RetryPolicyOf(const v1::RetryPolicy& from) {
  RetryPolicy policy;
  if (from.has_attempts()) policy.attempts = from.attempts();
  if (from.has_delay()) policy.delay = FromProto(from.delay());
  if (from.has_backoff()) policy.backoff = from.backoff();
  if (from.has_delay_max()) policy.delay_max = FromProto(from.delay_max());
  if (from.has_jitter()) policy.jitter = from.jitter();
  return policy;
}

Timeouts TimeoutsOf(const v1::NewTask& from) {
  Timeouts timeouts;
  if (from.has_acknowledge_timeout()) {
    timeouts.acknowledge = FromProto(from.acknowledge_timeout());
  }
  if (from.has_report_progress_timeout()) {
    timeouts.progress = FromProto(from.report_progress_timeout());
  }
  if (from.has_attempt_timeout()) {
    timeouts.attempt = FromProto(from.attempt_timeout());
  }
  return timeouts;
}

bool IsLabelKey(absl::string_view key) {
  return !key.empty() && key.size() <= kLabelKeyMax &&
         absl::ascii_isalnum(key.front()) && absl::ascii_isalnum(key.back()) &&
         absl::c_all_of(key, [](char c) {
           return absl::ascii_isalnum(c) ||
                  absl::string_view("._-/").find(c) != absl::string_view::npos;
         });
}

absl::StatusOr<Labels> LabelsOf(const v1::NewTask& from,
                                absl::string_view path) {
  Labels labels;
  for (const auto& [key, value] : from.labels()) {
    if (!IsLabelKey(key)) {
      return ConstraintError(
          absl::StrCat(path, ".labels"),
          "Keys must have 1 to 63 letters, digits and . _ - /, and begin and "
          "end with a letter or digit");
    }
    if (CountCharacters(value) > kLabelValueMax) {
      return ConstraintError(
          absl::StrCat(path, ".labels.", key),
          absl::StrCat("Member must have length less than or equal to ",
                       kLabelValueMax));
    }
    labels.emplace(key, value);
  }
  return labels;
}

absl::StatusOr<Submission> MakeSubmission(const AccountId& account,
                                          v1::NewTask&& task,
                                          absl::string_view path,
                                          absl::Time now, size_t payload_max) {
  Submission submission;
  if (task.has_not_before()) {
    submission.not_before = FromProto(task.not_before());
  }
  absl::StatusOr<Labels> labels = LabelsOf(task, path);
  if (!labels.ok()) return labels.status();
  submission.spec.group = {account, task.worker_group()};
  submission.spec.priority = task.priority();
  submission.spec.fairness_key = task.fairness_key();
  submission.spec.labels = *std::move(labels);
  submission.spec.retry = RetryPolicyOf(task.retry_policy());
  submission.spec.timeouts = TimeoutsOf(task);
  absl::StatusOr<TaskContent> content = MakeTaskContent(
      std::move(task), path, std::max(now, submission.not_before), payload_max);
  if (!content.ok()) return content.status();
  submission.spec.type = std::move(content->type);
  submission.payload = std::move(content->payload);
  return submission;
}

}  // namespace

absl::StatusOr<Submit> MakeSubmit(const AccountId& account,
                                  v1::SubmitTasksRequest&& request,
                                  absl::Time now, size_t payload_max) {
  if (request.tasks().empty()) {
    return ConstraintError(
        "tasks", "Member must have length greater than or equal to 1");
  }
  Submit submit;
  submit.account = account;
  // Before anything is taken out of the request.
  if (request.has_request_id()) {
    submit.request_id = request.request_id();
    submit.fingerprint = Fingerprint(request);
    submit.former_fingerprint = FormerFingerprint(request);
  }
  submit.tasks.reserve(request.tasks_size());
  for (int i = 0; i < request.tasks_size(); ++i) {
    absl::StatusOr<Submission> submission =
        MakeSubmission(account, std::move(*request.mutable_tasks(i)),
                       absl::StrCat("tasks[", i, "]"), now, payload_max);
    if (!submission.ok()) return submission.status();
    submit.tasks.push_back(*std::move(submission));
  }
  return submit;
}

}  // namespace holdline
