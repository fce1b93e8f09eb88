#include "server/notify/delivery_queue.h"

#include <algorithm>
#include <cmath>

namespace holdline {

DeliveryQueue::DeliveryQueue(const NotifyOptions& options)
    : options_(options) {}

std::optional<DeliveryEnded> DeliveryQueue::Add(Notification notification) {
  const NotificationNumber number = notification.number;
  const auto result = settled_.find(number);
  if (result != settled_.end()) return result->second;
  const auto [held, added] = held_.try_emplace(number, std::move(notification));
  if (added) waiting_.emplace(held->second.due_at, number);
  return std::nullopt;
}

const Notification* DeliveryQueue::BeginDelivery(absl::Time now) {
  if (NextDelivery() > now) return nullptr;
  const NotificationNumber number = waiting_.begin()->second;
  waiting_.erase(waiting_.begin());
  ++underway_;
  return &held_.at(number);
}

absl::Time DeliveryQueue::NextDelivery() const {
  if (waiting_.empty() || underway_ >= options_.parallel_max) {
    return absl::InfiniteFuture();
  }
  return waiting_.begin()->first;
}

DeliveryEnded DeliveryQueue::EndDelivery(NotificationNumber number,
                                         DeliveryOutcome outcome,
                                         absl::Time now) {
  --underway_;
  const auto held = held_.find(number);
  Notification& notification = held->second;
  DeliveryEnded result = {.number = number,
                          .delivered = outcome == DeliveryOutcome::kDelivered,
                          .retry_at = absl::InfiniteFuture()};
  if (outcome == DeliveryOutcome::kRetry) {
    result.retry_at = RetryTime(notification, now);
  }
  if (result.retry_at == absl::InfiniteFuture()) {
    held_.erase(held);
    Remember(result);
  } else {
    ++notification.failures;
    notification.due_at = result.retry_at;
    waiting_.emplace(notification.due_at, number);
  }
  return result;
}

absl::Time DeliveryQueue::RetryTime(const Notification& notification,
                                    absl::Time now) const {
  // A product beyond any duration becomes an infinite one, which is capped.
  const absl::Duration wait =
      std::min(options_.retry_min * std::pow(2.0, notification.failures),
               options_.retry_max);
  const absl::Time at = now + absl::Floor(wait, absl::Microseconds(1));
  return at <= notification.created_at + options_.retry_for
             ? at
             : absl::InfiniteFuture();
}

void DeliveryQueue::Remember(const DeliveryEnded& result) {
  settled_.emplace(result.number, result);
  settled_order_.push_back(result.number);
  if (settled_order_.size() <= kSettledMax) return;
  settled_.erase(settled_order_.front());
  settled_order_.pop_front();
}

}  // namespace holdline
