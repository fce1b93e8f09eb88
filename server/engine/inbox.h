// Where commands wait for the loop.

#ifndef HOLDLINE_SERVER_ENGINE_INBOX_H_
#define HOLDLINE_SERVER_ENGINE_INBOX_H_

#include <functional>
#include <variant>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/broker/command.h"
#include "server/broker/reply.h"
#include "server/pipeline/pipeline_command.h"
#include "server/pipeline/pipeline_reply.h"

namespace holdline {

// Called once with the answer to a command, on the loop's thread. Must not
// block.
using ReplyCallback = std::function<void(ReplyBody)>;
using PipelineReplyCallback = std::function<void(PipelineReply)>;

// A command and what is to be called with its answer; empty if it has none.
template <typename What, typename Callback>
struct Asked {
  CallId call{};
  What what;
  Callback reply;
};

// What is for the broker, and what is for the planner.
using Incoming = std::variant<Asked<CommandBody, ReplyCallback>,
                              Asked<PipelineCommand, PipelineReplyCallback>>;

// Whether it is to be answered; answers it with an error if it is.
bool IsAnswered(const Incoming& incoming);
void Refuse(const Incoming& incoming, const absl::Status& error);

// Thread-safe: many put, one takes.
class Inbox {
 public:
  explicit Inbox(int capacity) : capacity_(capacity) {}

  enum class Answer { kTaken, kFull, kClosed };

  // Adds a command. If the inbox is full or closed it stays with the caller. A
  // command without an answer is taken although full.
  Answer Put(Incoming& incoming);

  // Takes at most `count_max` commands, oldest first. If there are none, waits
  // until there is one, the inbox is closed, or `patience` is over.
  // `remaining` is set to how many are left.
  std::vector<Incoming> Take(int count_max, absl::Duration patience,
                             int* remaining);

  // Refuses what comes from now on. What is in it can still be taken.
  void Close();

  // Whether it is closed and empty.
  bool Finished() const;

 private:
  const int capacity_;
  mutable absl::Mutex mutex_;
  absl::CondVar arrived_;
  std::vector<Incoming> waiting_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;

  // The taker waits and nobody has woken it yet: only then is it worth a
  // wake-up.
  bool taker_waits_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_INBOX_H_
