#include "server/engine/payload_cache.h"

#include <utility>

namespace holdline {

void PayloadCache::Put(TaskId task, std::string payload) {
  const int64_t size = static_cast<int64_t>(payload.size());
  if (bytes_ + size > bytes_max_) return;
  bytes_ += size;
  payloads_.emplace(task,
                    std::make_shared<const std::string>(std::move(payload)));
}

std::shared_ptr<const std::string> PayloadCache::Take(TaskId task) {
  auto it = payloads_.find(task);
  if (it == payloads_.end()) return nullptr;
  std::shared_ptr<const std::string> payload = std::move(it->second);
  payloads_.erase(it);
  bytes_ -= static_cast<int64_t>(payload->size());
  return payload;
}

}  // namespace holdline
