#include "client/runner/hand_back.h"

#include "absl/time/time.h"
#include "client/services.h"

namespace holdline::client {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr absl::Duration kHurry = absl::Seconds(2);

}  // namespace

CallOptions LastCall() {
  return {.retry_for = absl::ZeroDuration(), .timeout = kHurry};
}

absl::Status HandBack(const v1::TaskObject& task, const Stop& stop,
                      Client* client) {
  v1::ReleaseTaskRequest request;
  request.set_task_id(task.task_id());
  const CallOptions patient = {.retry_for = kPatience, .timeout = kPatience};
  return client
      ->Call(&TaskQueue::ReleaseTask, request,
             stop.waiting.cancelled() ? LastCall() : patient)
      .status();
}

}  // namespace holdline::client
