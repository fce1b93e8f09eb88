// A cache of the payloads of tasks that were just submitted, so that the
// payload of a task which is handed out soon is not read from the store.

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

  // Keeps a payload if it fits into `bytes_max`. A full cache evicts nothing:
  // the oldest tasks are handed out first.
  void Put(TaskId task, std::string payload);

  // Removes and returns a payload; null if it is not cached.
  std::shared_ptr<const std::string> Take(TaskId task);

 private:
  const int64_t bytes_max_;
  int64_t bytes_ = 0;
  absl::flat_hash_map<TaskId, std::shared_ptr<const std::string>> payloads_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_PAYLOAD_CACHE_H_
