// The queue of commands for the loop, fair between accounts.

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

// Thread-safe: many put, one takes.
//
// Accounts do not wait for each other: each has so many places, and if there is
// more than can be taken at once, each has its share of that.
class Inbox {
 public:
  // `capacity` is how many commands of an account may wait.
  explicit Inbox(int capacity) : capacity_(capacity) {}

  enum class Answer { kTaken, kFull, kClosed };

  // Adds a command. If the inbox is closed or the account has no place left it
  // stays with the caller. A command without an answer is taken in any case.
  Answer Put(Command& command);

  // Takes at most `count_max` commands, of each account the oldest first. If
  // there are none, waits until there is one, the inbox is closed, or
  // `patience` is over. `remaining` is set to how many are left.
  std::vector<Command> Take(int count_max, absl::Duration patience,
                            int* remaining);

  // Refuses what comes from now on. What is in it can still be taken.
  void Close();

  // Whether it is closed and empty.
  bool Finished() const;

 private:
  // Takes of each account its share, at least one of each and of `count_max`
  // all together. With the lock.
  std::vector<Command> TakeShares(size_t count_max);

  const int capacity_;

  // Guards all below. Abseil's would wait by the wall clock, and go on waiting
  // when that is set back.
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Command> waiting_;

  // How many of each account wait. None is 0.
  absl::flat_hash_map<AccountId, int> counts_;
  bool closed_ = false;

  // The taker waits and nobody has woken it yet: only then is it worth a
  // wake-up.
  bool taker_waits_ = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_INBOX_H_
