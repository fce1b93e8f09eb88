// Detection of replayed requests by their signatures.
//
// Honest clients repeat bytes, too. A signature has a date in whole seconds: a
// runner that polls, gets a task and polls again within one sends the same
// bytes twice, as does an SDK or a proxy that retries at once. Therefore:
//
// - For a moment (kGrace) after it was first seen, the same signature is taken
//   as often as it comes. Nothing could tell these calls from each other.
// - After that it is refused, as long as its date would let it pass, if any of
//   the calls with it was answered or may still be. If all of them ended
//   without an answer, as when the connection was lost, it is let through once
//   more: whoever sends it gets no more than its first sender would have got.

#ifndef HOLDLINE_SERVER_AUTH_SIGV4_REPLAY_GUARD_H_
#define HOLDLINE_SERVER_AUTH_SIGV4_REPLAY_GUARD_H_

#include <cstddef>
#include <deque>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/auth/sigv4/sha256.h"

namespace holdline {

// Takes verified signatures only, so that only callers with a secret fill it;
// each access key has its own capacity, so that none can evict the signatures
// of another. Lives on one thread; time is an argument.
class ReplayGuard {
 public:
  // The time in which a signature may be repeated: one second of the same date,
  // and the rest for the network.
  static constexpr absl::Duration kGrace = absl::Seconds(2);

  // At most `signatures_max`, at least 1, are remembered for each access key;
  // beyond that the oldest is forgotten.
  explicit ReplayGuard(size_t signatures_max)
      : signatures_max_(signatures_max) {}

  ReplayGuard(const ReplayGuard&) = delete;
  ReplayGuard& operator=(const ReplayGuard&) = delete;

  // Whether a call with the signature is admitted at `now`. If so, Answered or
  // Dropped must follow at its end. At `valid_until` its date is refused, and
  // the signature forgotten.
  bool Admit(absl::string_view access_key, const Sha256Digest& signature,
             absl::Time valid_until, absl::Time now);

  // The answer to a call that was admitted has been sent.
  void Answered(absl::string_view access_key, const Sha256Digest& signature);

  // A call that was admitted has ended without an answer.
  void Dropped(absl::string_view access_key, const Sha256Digest& signature);

  // How many signatures of an access key are remembered.
  size_t CountOf(absl::string_view access_key) const;

 private:
  struct Seen {
    absl::Time grace_until;
    absl::Time valid_until;
    int under_way = 0;
    bool answered = false;
  };

  // The signatures of one access key.
  struct Signer {
    absl::flat_hash_map<Sha256Digest, Seen> seen;
    std::deque<Sha256Digest> order;  // as they were first seen
  };

  // Forgets the oldest ones whose dates are over, and one if there is no room.
  void MakeRoom(Signer* signer, absl::Time now) const;

  Seen* FindSeen(absl::string_view access_key, const Sha256Digest& signature);

  const size_t signatures_max_;
  absl::flat_hash_map<std::string, Signer> signers_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_SIGV4_REPLAY_GUARD_H_
