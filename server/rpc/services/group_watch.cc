#include "server/rpc/services/group_watch.h"

#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "holdline/v1/operator.pb.h"
#include "server/broker/command.h"
#include "server/rpc/services/group_message.h"

namespace holdline {
namespace {

// The most groups that one message tells: their names have up to 1,024
// characters each, and each watcher has a message under way.
constexpr int kGroupsMax = 500;

}  // namespace

void GroupWatch::Next() { return listing_ ? AskPage() : AskChanges(); }

void GroupWatch::AskChanges() {
  call_->Ask(InspectGroupChanges{call_->account(), upto_, kGroupsMax},
             OnReply(&GroupWatch::OnChanges));
}

void GroupWatch::AskPage() {
  call_->Ask(
      InspectGroups{call_->account(), {call_->account(), after_}, kGroupsMax},
      OnReply(&GroupWatch::OnPage));
}

void GroupWatch::OnChanges(const GroupChangesAnswer& changes) {
  upto_ = changes.upto;
  if (changes.lost) {
    listing_ = true;
    after_.clear();
    return AskPage();
  }
  if (changes.groups.empty() && changes.gone.empty()) return call_->Rest();
  v1::WatchGroupsResponse response;
  for (const GroupView& group : changes.groups) {
    FillGroup(group, response.add_groups());
  }
  for (const std::string& name : changes.gone) {
    response.add_gone_worker_groups(name);
  }
  call_->Write(response, changes.more);
}

// What changes while the pages are told is told after them, since the changes
// count from before the first.
void GroupWatch::OnPage(const GroupsAnswer& page) {
  v1::WatchGroupsResponse response;
  if (after_.empty()) response.set_snapshot_begins(true);
  for (const GroupView& group : page.groups) {
    FillGroup(group, response.add_groups());
  }
  listing_ = page.more;
  if (!page.more) {
    response.set_snapshot_complete(true);
  } else {
    after_ = page.groups.back().settings.group.name;
  }
  call_->Write(response, page.more);
}

template <typename Hoped>
ReplyCallback GroupWatch::OnReply(void (GroupWatch::*use)(const Hoped&)) {
  return [this, use](const ReplyBody& reply) {
    if (const auto* hoped = std::get_if<Hoped>(&reply)) {
      return (this->*use)(*hoped);
    }
    const auto* error = std::get_if<absl::Status>(&reply);
    if (error == nullptr) {
      return call_->Break(absl::InternalError("unexpected reply type"));
    }
    return absl::IsResourceExhausted(*error) ? call_->Rest()
                                             : call_->Break(*error);
  };
}

}  // namespace holdline
