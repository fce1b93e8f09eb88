// Detection of replayed requests by their signatures.
//
// Honest clients send the same bytes twice too. A date in a signature has whole
// seconds, so a client that makes the same call twice within one signs the same
// bytes, as a runner does that polls, gets a task, and polls again; so does an
// SDK that tries again at once after an error, and a proxy that does.
// Therefore:
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
  // How long after it was first seen a signature may come again. A signature
  // is good for one second; the rest is for the way here.
  static constexpr absl::Duration kGrace = absl::Seconds(2);

  // For each access key as many signatures as `signatures_max` are remembered;
  // beyond that the oldest is forgotten. At least 1.
  explicit ReplayGuard(size_t signatures_max)
      : signatures_max_(signatures_max) {}

  ReplayGuard(const ReplayGuard&) = delete;
  ReplayGuard& operator=(const ReplayGuard&) = delete;

  // Whether a call with the signature may go on at `now`. If so, Answered or
  // Dropped follows when the call has ended. `valid_until` is when its date
  // will be refused, and it forgotten.
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
