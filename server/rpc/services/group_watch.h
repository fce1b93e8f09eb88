// The source of a WatchGroups stream: all groups of an account, and then those
// that change.

#ifndef HOLDLINE_SERVER_RPC_SERVICES_GROUP_WATCH_H_
#define HOLDLINE_SERVER_RPC_SERVICES_GROUP_WATCH_H_

#include <string>

#include "server/broker/ids.h"
#include "server/broker/reply.h"
#include "server/rpc/call/stream_call.h"

namespace holdline {

// It holds only the number of the last change that it has sent. It asks the
// broker for the next changes when the caller is ready for a message, so a
// group that changed many times in between is sent once.
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

  // Returns a callback that passes a reply of type `Hoped` to `use`. Rests if
  // the account's inbox is full; any other error ends the stream.
  template <typename Hoped>
  ReplyCallback OnReply(void (GroupWatch::*use)(const Hoped&));

  StreamCall* const call_;

  // The number of the last change that was sent; zero at first.
  ChangeNumber upto_{};

  // Whether the list of all groups is being sent, and the last group that was;
  // empty before the first.
  bool listing_ = false;
  std::string after_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_SERVICES_GROUP_WATCH_H_
