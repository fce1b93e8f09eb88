#include "server/broker/repeatable_requests.h"

#include <algorithm>
#include <vector>

namespace holdline {

void RepeatableRequests::Restore(
    const absl::flat_hash_map<RequestKey, RequestRecord>& records,
    const Now& now, absl::Duration left_min, absl::Duration left_max) {
  std::vector<const RequestRecord*> in_order;
  for (const auto& [key, record] : records) in_order.push_back(&record);
  std::sort(in_order.begin(), in_order.end(),
            [](const RequestRecord* a, const RequestRecord* b) {
              return a->expires_at < b->expires_at;
            });
  for (const RequestRecord* record : in_order) {
    const absl::Duration left = record->expires_at - now.calendar;
    Add(record->request,
        now.steady + std::max(std::min(left, left_max), left_min));
  }
}

void RepeatableRequests::Add(RequestKey request, absl::Time until) {
  requests_.emplace_back(std::move(request), until);
}

void RepeatableRequests::Extend(absl::Time time) {
  for (auto& [request, until] : requests_) until = std::max(until, time);
}

absl::Time RepeatableRequests::NextEnd() const {
  return requests_.empty() ? absl::InfiniteFuture() : requests_.front().second;
}

RequestKey RepeatableRequests::Pop() {
  RequestKey first = std::move(requests_.front().first);
  requests_.pop_front();
  return first;
}

}  // namespace holdline
