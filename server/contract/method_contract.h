// The roles that may call a method and the limits of its requests, as declared
// in contract.proto.
//
// Both are checked before a request is parsed, so that nothing is built for a
// request that is refused afterwards.

#ifndef HOLDLINE_SERVER_CONTRACT_METHOD_CONTRACT_H_
#define HOLDLINE_SERVER_CONTRACT_METHOD_CONTRACT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "server/auth/credentials/principal.h"

namespace holdline {

// Returns PERMISSION_DENIED (`AccessDenied`), which names the caller and what
// it may not do, such as `datapipeline:PollForTask`, and is the same whatever
// is asked for.
absl::Status AccessDenied(const Principal& caller, absl::string_view action);

// Immutable, so thread-safe.
class MethodContract {
 public:
  explicit MethodContract(const google::protobuf::MethodDescriptor* method);

  // Returns OK if the caller has a role that may call the method, and otherwise
  // AccessDenied.
  absl::Status CheckRole(const Principal& caller) const;

  // The action's name, for AccessDenied.
  absl::string_view action() const { return action_; }

  // The most bytes that a request may have as it is encoded. INT64_MAX if it is
  // left to the server's own limit for any message.
  int64_t request_bytes_max() const { return bytes_max_; }

  // Returns OK if a request may have so many bytes, and otherwise
  // INVALID_ARGUMENT, which names the method and the limit.
  absl::Status CheckBytes(uint64_t bytes) const;

  // The most values that a request may have, as contract.proto counts them.
  int64_t request_values_max() const { return values_max_; }

  // INVALID_ARGUMENT, which names the method and that limit.
  absl::Status TooManyValues() const;

 private:
  std::string name_;    // such as `PollForTask`
  std::string action_;  // such as `datapipeline:PollForTask`
  std::vector<Role> roles_;
  int64_t bytes_max_;
  int64_t values_max_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_CONTRACT_METHOD_CONTRACT_H_
