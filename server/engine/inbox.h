// The queue of commands for the loop, with a limit and an equal share for each
// account.

#ifndef HOLDLINE_SERVER_ENGINE_INBOX_H_
#define HOLDLINE_SERVER_ENGINE_INBOX_H_

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/engine/command.h"

namespace holdline {

// Thread-safe: any thread may put, one thread takes.
//
// An account with many commands does not delay the others: each may have
// `capacity` commands waiting, and if more commands wait than Take may return,
// each account gets an equal share of them.
class Inbox {
 public:
  // `capacity` is the most commands of one account that may wait.
  explicit Inbox(int capacity) : capacity_(capacity) {}

  enum class Answer { kTaken, kFull, kClosed };

  // Adds a command and moves from it. Leaves it untouched if it is refused:
  // kFull if its account has `capacity` commands waiting, kClosed after Close.
  // A command that is not answered is never refused.
  Answer Put(Command& command);

  // Takes at most `count_max` commands, the oldest of each account first. If
  // there are none, waits until one arrives, the inbox is closed, or `patience`
  // has passed. Sets `remaining` to the number left.
  std::vector<Command> Take(int count_max, absl::Duration patience,
                            int* remaining);

  // Refuses further commands. Those that wait can still be taken.
  void Close();

  // Whether it is closed and empty.
  bool Finished() const;

 private:
  // Takes a share of each account: at least one command, and `count_max` in
  // total. REQUIRES: the mutex is held.
  std::vector<Command> TakeShares(size_t count_max);

  const int capacity_;

  // Guards all below. Not absl::Mutex, which waits by the wall clock and so
  // would wait too long when that is set back.
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Command> waiting_;

  // The number of waiting commands by account; none is 0.
  absl::flat_hash_map<AccountId, int> counts_;
  bool closed_ = false;

  // Whether Take waits and has not been notified yet: only then does Put
  // notify.
  bool taker_waits_ = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_INBOX_H_
