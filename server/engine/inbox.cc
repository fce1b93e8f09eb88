#include "server/engine/inbox.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace holdline {
namespace {

// Beyond any patience, and within what the clock can count.
constexpr absl::Duration kPatienceMax = absl::Hours(24);

}  // namespace

Inbox::Answer Inbox::Put(Command& command) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return Answer::kClosed;
    int& count = counts_[command.account];
    if (count >= capacity_ && command.reply != nullptr) return Answer::kFull;
    ++count;
    waiting_.push_back(std::move(command));
    if (!std::exchange(taker_waits_, false)) return Answer::kTaken;
  }
  // Under the lock, the taker would wake only to wait once more, for the lock.
  arrived_.notify_one();
  return Answer::kTaken;
}

std::vector<Command> Inbox::Take(int count_max, absl::Duration patience,
                                 int* remaining) {
  const auto deadline = std::chrono::steady_clock::now() +
                        absl::ToChronoNanoseconds(std::clamp(
                            patience, absl::ZeroDuration(), kPatienceMax));
  std::unique_lock lock(mutex_);
  while (waiting_.empty() && !closed_) {
    taker_waits_ = true;
    if (arrived_.wait_until(lock, deadline) == std::cv_status::timeout) break;
  }
  taker_waits_ = false;
  std::vector<Command> taken;
  if (waiting_.size() <= static_cast<size_t>(count_max)) {
    taken.swap(waiting_);
    counts_.clear();
  } else {
    taken = TakeShares(static_cast<size_t>(count_max));
  }
  *remaining = static_cast<int>(waiting_.size());
  return taken;
}

std::vector<Command> Inbox::TakeShares(size_t count_max) {
  const int share = std::max(1, static_cast<int>(count_max / counts_.size()));
  absl::flat_hash_map<AccountId, int> counts;
  std::vector<Command> taken;
  std::vector<Command> left;
  left.reserve(waiting_.size());
  for (Command& command : waiting_) {
    int& count = counts[command.account];
    const bool takes = taken.size() < count_max && count < share;
    if (takes) ++count;
    (takes ? taken : left).push_back(std::move(command));
  }
  waiting_.swap(left);
  for (const auto& [account, count] : counts) {
    if ((counts_[account] -= count) == 0) counts_.erase(account);
  }
  return taken;
}

void Inbox::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  arrived_.notify_one();
}

bool Inbox::Finished() const {
  const std::lock_guard lock(mutex_);
  return closed_ && waiting_.empty();
}

}  // namespace holdline
