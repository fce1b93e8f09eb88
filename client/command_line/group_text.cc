#include "client/command_line/group_text.h"

#include "absl/strings/str_cat.h"
#include "client/command_line/age.h"
#include "client/command_line/verb/proto_time.h"
#include "client/command_line/verb/table.h"

namespace holdline::client {

std::string GroupSetting(const v1::Group& group) {
  if (group.paused() && group.draining()) return "paused, draining";
  if (group.paused()) return "paused";
  return group.draining() ? "draining" : "open";
}

// A runner has a poll for each task that it could take, so these are no
// runners; and those of draining ones take none.
std::string PollsText(const v1::Group& group) {
  return group.resting_calls() == 0
             ? absl::StrCat(group.parked_calls())
             : absl::StrCat(group.parked_calls(), ", of them ",
                            group.resting_calls(), " drained");
}

std::string OldestText(const v1::Group& group, absl::Time now) {
  return group.has_oldest_ready_time()
             ? AgeText(FromProto(group.oldest_ready_time()), now)
             : "";
}

std::string GroupLine(const v1::Group& group, absl::Time now) {
  const std::string oldest = OldestText(group, now);
  return absl::StrCat(
      Printable(group.worker_group()), ": ", group.ready_tasks(), " ready",
      oldest.empty() ? "" : absl::StrCat(" (the oldest ", oldest, ")"), ", ",
      group.delayed_tasks(), " delayed, ", group.leased_tasks(), " at work, ",
      group.parked_calls(), " polls held",
      group.resting_calls() == 0
          ? ""
          : absl::StrCat(" (", group.resting_calls(), " drained)"),
      ", ", GroupSetting(group));
}

}  // namespace holdline::client
