// The payloads of tasks that have just been submitted, so that a task which is
// handed out at once need not be read again.

#ifndef HOLDLINE_SERVER_ENGINE_PAYLOAD_CACHE_H_
#define HOLDLINE_SERVER_ENGINE_PAYLOAD_CACHE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "server/broker/ids.h"

namespace holdline {

// Not thread-safe.
class PayloadCache {
 public:
  explicit PayloadCache(int64_t bytes_max) : bytes_max_(bytes_max) {}

  // Keeps a payload if there is room. The oldest tasks are handed out first, so
  // a full cache is right to keep what it has.
  void Put(TaskId task, std::string payload);

  // Takes a payload out; null if it is not kept.
  std::shared_ptr<const std::string> Take(TaskId task);

 private:
  const int64_t bytes_max_;
  int64_t bytes_ = 0;
  absl::flat_hash_map<TaskId, std::shared_ptr<const std::string>> payloads_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_PAYLOAD_CACHE_H_
