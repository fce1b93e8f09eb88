// The messages of WatchGroups: all groups of an account, and then those that
// change.

#ifndef HOLDLINE_SERVER_RPC_SERVICES_GROUP_WATCH_H_
#define HOLDLINE_SERVER_RPC_SERVICES_GROUP_WATCH_H_

#include <string>

#include "server/broker/ids.h"
#include "server/broker/reply.h"
#include "server/rpc/call/stream_call.h"

namespace holdline {

// It remembers how far it has told, and nothing else: what is to be told is
// asked of the broker when the caller is ready for it. So a group that changed
// many times meanwhile is told once.
class GroupWatch final : public StreamSource {
 public:
  // The call keeps the new object.
  explicit GroupWatch(StreamCall* call) : call_(call) {}

  void Next() override;

 private:
  void AskChanges();
  void AskPage();
  void OnChanges(const GroupChangesAnswer& changes);
  void OnPage(const GroupsAnswer& page);

  // A callback that gives an answer of the hoped kind to `use`. While the
  // account has too much in the inbox the watch rests; any other error ends it.
  template <typename Hoped>
  ReplyCallback OnReply(void (GroupWatch::*use)(const Hoped&));

  StreamCall* const call_;

  // Up to where the changes were told; at first nowhere.
  ChangeNumber upto_{};

  // While a snapshot is told: the last group that was, empty before the first.
  bool listing_ = false;
  std::string after_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_SERVICES_GROUP_WATCH_H_
