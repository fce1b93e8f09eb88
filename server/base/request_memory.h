// A budget for the memory of large requests in progress.

#ifndef HOLDLINE_SERVER_BASE_REQUEST_MEMORY_H_
#define HOLDLINE_SERVER_BASE_REQUEST_MEMORY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace holdline {

// Small requests do not count.
//
// It has its users, such as accounts. A user may hold as much as is then still
// free: so one alone has half of it, two have a third each, and however many
// there are, the next one finds a share. A user who holds nothing may take more
// than that, as long as nobody holds anything: so no request is too large for
// an idle server.
//
// Thread-safe. Outlives its shares.
class RequestMemory {
 public:
  // Requests that take no more than this do not count.
  static constexpr int64_t kSmallBytes = 256 << 10;

  // The share of one request, returned on destruction.
  class Share {
   public:
    Share() = default;
    Share(RequestMemory* memory, std::string user, int64_t bytes)
        : memory_(memory), user_(std::move(user)), bytes_(bytes) {}
    Share(Share&& other) noexcept { *this = std::move(other); }
    Share& operator=(Share&& other) noexcept;
    ~Share() { GiveBack(); }

   private:
    void GiveBack();

    RequestMemory* memory_ = nullptr;  // null holds nothing
    std::string user_;
    int64_t bytes_ = 0;
  };

  explicit RequestMemory(int64_t bytes_max) : bytes_max_(bytes_max) {}

  // Takes bytes for a request of a user. RESOURCE_EXHAUSTED: the user would
  // hold more than it may.
  absl::StatusOr<Share> Take(absl::string_view user, int64_t bytes);

  // How much is held. For tests.
  int64_t held() const;

 private:
  void GiveBack(const std::string& user, int64_t bytes);

  const int64_t bytes_max_;
  mutable absl::Mutex mutex_;
  int64_t held_ ABSL_GUARDED_BY(mutex_) = 0;

  // Of users that hold something.
  absl::flat_hash_map<std::string, int64_t> users_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BASE_REQUEST_MEMORY_H_
