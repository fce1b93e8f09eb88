#include "server/metrics/group_census.h"

#include <memory>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"

namespace holdline {
namespace {

constexpr int kPageGroups = 1000;

absl::StatusOr<GroupsAnswer> ToPage(ReplyBody reply) {
  if (auto* page = std::get_if<GroupsAnswer>(&reply)) return std::move(*page);
  if (auto* error = std::get_if<absl::Status>(&reply)) return *error;
  return absl::InternalError("the engine answered another question");
}

absl::StatusOr<GroupsAnswer> AskForPage(const AskEngine& ask,
                                        absl::Time deadline, GroupKey after) {
  // Shared, because the answer may come after the deadline.
  struct Answer {
    absl::Notification arrived;
    ReplyBody reply;
  };
  const auto answer = std::make_shared<Answer>();
  InspectGroups question;
  question.after = std::move(after);
  question.limit = kPageGroups;
  ask(std::move(question), [answer](ReplyBody reply) {
    answer->reply = std::move(reply);
    answer->arrived.Notify();
  });
  if (!answer->arrived.WaitForNotificationWithTimeout(deadline - absl::Now())) {
    return absl::DeadlineExceededError("the engine did not answer in time");
  }
  return ToPage(std::move(answer->reply));
}

}  // namespace

absl::Status ForEachGroup(const AskEngine& ask, absl::Time deadline,
                          absl::FunctionRef<void(const GroupView&)> each) {
  GroupKey after;
  for (bool more = true; more;) {
    const absl::StatusOr<GroupsAnswer> page = AskForPage(ask, deadline, after);
    if (!page.ok()) return page.status();
    for (const GroupView& group : page->groups) each(group);
    more = page->more && !page->groups.empty();
    if (more) after = page->groups.back().settings.group;
  }
  return absl::OkStatus();
}

}  // namespace holdline
