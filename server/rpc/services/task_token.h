// The task id of the wire: names one lease of one task, and proves that this
// broker issued it to that account.
//
// It is encrypted, so that it does not reveal numbers of tasks and leases, and
// authenticated, so that a forged or garbled one never reaches the broker's
// state.

#ifndef HOLDLINE_SERVER_RPC_SERVICES_TASK_TOKEN_H_
#define HOLDLINE_SERVER_RPC_SERVICES_TASK_TOKEN_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/auth/sigv4/sha256.h"
#include "server/broker/ids.h"
#include "server/queries/seal.h"

namespace holdline {

// The content of a task id.
struct LeaseName {
  TaskId task{};
  LeaseId lease{};

  friend bool operator==(const LeaseName&, const LeaseName&) = default;
};

// Immutable, so thread-safe.
class TaskTokens {
 public:
  // `secret` is the store's. The key is derived from it, so that the same
  // secret can serve other purposes.
  explicit TaskTokens(absl::string_view secret);

  // Returns the task id of a lease: 68 characters of base64.
  std::string Issue(const AccountId& account, const LeaseName& lease) const;

  // Returns what a task id names, or NOT_FOUND if it was not issued under this
  // secret to this account.
  absl::StatusOr<LeaseName> Read(const AccountId& account,
                                 absl::string_view token) const;

 private:
  // Reads a token of an earlier version, which is signed and not encrypted.
  std::optional<std::string> ReadOpen(const AccountId& account,
                                      absl::string_view bytes) const;

  const Seal seal_;
  const Sha256Digest open_key_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_SERVICES_TASK_TOKEN_H_
