#include "server/base/request_memory.h"

#include "absl/strings/str_cat.h"

namespace holdline {

RequestMemory::Share& RequestMemory::Share::operator=(Share&& other) noexcept {
  if (this == &other) return *this;
  GiveBack();
  memory_ = std::exchange(other.memory_, nullptr);
  user_ = std::move(other.user_);
  bytes_ = other.bytes_;
  return *this;
}

void RequestMemory::Share::GiveBack() {
  if (memory_ != nullptr) memory_->GiveBack(user_, bytes_);
  memory_ = nullptr;
}

absl::StatusOr<RequestMemory::Share> RequestMemory::Take(absl::string_view user,
                                                         int64_t bytes) {
  if (bytes <= kSmallBytes) return Share();
  std::string name(user);
  absl::MutexLock lock(&mutex_);
  int64_t& own = users_[name];
  if (held_ > 0 && own + bytes > bytes_max_ - held_ - bytes) {
    const int64_t now = own;
    if (own == 0) users_.erase(name);
    return absl::ResourceExhaustedError(absl::StrCat(
        "This request may take ", bytes,
        " bytes of memory, and your requests in progress ", now,
        ", which is more than is available to you. Try again later."));
  }
  own += bytes;
  held_ += bytes;
  return Share(this, std::move(name), bytes);
}

int64_t RequestMemory::held() const {
  absl::MutexLock lock(&mutex_);
  return held_;
}

void RequestMemory::GiveBack(const std::string& user, int64_t bytes) {
  absl::MutexLock lock(&mutex_);
  held_ -= bytes;
  const auto own = users_.find(user);
  own->second -= bytes;
  if (own->second == 0) users_.erase(own);
}

}  // namespace holdline
