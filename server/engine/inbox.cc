#include "server/engine/inbox.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/time/clock.h"

namespace holdline {

bool IsAnswered(const Incoming& incoming) {
  return std::visit([](const auto& asked) { return asked.reply != nullptr; },
                    incoming);
}

void Refuse(const Incoming& incoming, const absl::Status& error) {
  std::visit(
      [&](const auto& asked) {
        if (asked.reply) asked.reply(error);
      },
      incoming);
}

Inbox::Answer Inbox::Put(Incoming& incoming) {
  {
    absl::MutexLock lock(&mutex_);
    if (closed_) return Answer::kClosed;
    const bool full = static_cast<int>(waiting_.size()) >= capacity_;
    if (full && IsAnswered(incoming)) return Answer::kFull;
    waiting_.push_back(std::move(incoming));
    if (!std::exchange(taker_waits_, false)) return Answer::kTaken;
  }
  // Under the lock, the taker would wake only to wait once more, for the lock.
  arrived_.Signal();
  return Answer::kTaken;
}

std::vector<Incoming> Inbox::Take(int count_max, absl::Duration patience,
                                  int* remaining) {
  const absl::Time deadline = absl::Now() + patience;
  absl::MutexLock lock(&mutex_);
  while (waiting_.empty() && !closed_) {
    taker_waits_ = true;
    if (arrived_.WaitWithDeadline(&mutex_, deadline)) break;
  }
  taker_waits_ = false;
  std::vector<Incoming> taken;
  const size_t count =
      std::min(waiting_.size(), static_cast<size_t>(count_max));
  if (count == waiting_.size()) {
    taken.swap(waiting_);
  } else {
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
    taken.assign(std::make_move_iterator(waiting_.begin()),
                 std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
  }
  *remaining = static_cast<int>(waiting_.size());
  return taken;
}

void Inbox::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
  arrived_.Signal();
}

bool Inbox::Finished() const {
  absl::MutexLock lock(&mutex_);
  return closed_ && waiting_.empty();
}

}  // namespace holdline
