#include "server/auth/sigv4/replay_guard.h"

namespace holdline {

bool ReplayGuard::Admit(absl::string_view access_key,
                        const Sha256Digest& signature, absl::Time valid_until,
                        absl::Time now) {
  Signer& signer = signers_[access_key];
  const auto found = signer.seen.find(signature);
  if (found != signer.seen.end()) {
    Seen& seen = found->second;
    const bool open = !seen.answered && seen.under_way == 0;
    if (now >= seen.grace_until && !open) return false;
    ++seen.under_way;
    return true;
  }
  MakeRoom(&signer, now);
  signer.seen.emplace(signature, Seen{.grace_until = now + kGrace,
                                      .valid_until = valid_until,
                                      .under_way = 1});
  signer.order.push_back(signature);
  return true;
}

void ReplayGuard::MakeRoom(Signer* signer, absl::Time now) const {
  while (!signer->order.empty()) {
    const auto oldest = signer->seen.find(signer->order.front());
    const bool over = oldest->second.valid_until < now;
    if (!over && signer->seen.size() < signatures_max_) return;
    signer->seen.erase(oldest);
    signer->order.pop_front();
  }
}

ReplayGuard::Seen* ReplayGuard::FindSeen(absl::string_view access_key,
                                         const Sha256Digest& signature) {
  const auto signer = signers_.find(access_key);
  if (signer == signers_.end()) return nullptr;
  const auto seen = signer->second.seen.find(signature);
  return seen == signer->second.seen.end() ? nullptr : &seen->second;
}

void ReplayGuard::Answered(absl::string_view access_key,
                           const Sha256Digest& signature) {
  Seen* const seen = FindSeen(access_key, signature);
  if (seen == nullptr) return;
  --seen->under_way;
  seen->answered = true;
}

void ReplayGuard::Dropped(absl::string_view access_key,
                          const Sha256Digest& signature) {
  Seen* const seen = FindSeen(access_key, signature);
  if (seen != nullptr) --seen->under_way;
}

size_t ReplayGuard::CountOf(absl::string_view access_key) const {
  const auto signer = signers_.find(access_key);
  return signer == signers_.end() ? 0 : signer->second.seen.size();
}

}  // namespace holdline
