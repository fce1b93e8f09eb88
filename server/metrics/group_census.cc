#include "server/metrics/group_census.h"

#include <utility>

#include "absl/status/statusor.h"

namespace holdline {
namespace {

constexpr int kPageGroups = 1000;

absl::StatusOr<GroupsAnswer> AskForPage(const AskEngine& ask,
                                        absl::Time deadline, GroupKey after) {
  InspectGroups question;
  question.after = std::move(after);
  question.limit = kPageGroups;
  return AskUntil<GroupsAnswer>(ask, std::move(question), deadline);
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
