#include "server/contract/method_contract.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "holdline/v1/contract.pb.h"
#include "server/base/error_reason.h"

namespace holdline {
namespace {

// What contract.proto names as the defaults.
constexpr int64_t kBytesMax = 128 << 10;
constexpr int64_t kValuesMax = 1000;

// REQUIRES: a role that methods may declare.
Role ToRole(int declared) {
  switch (declared) {
    case v1::SUBMITTER:
      return Role::kSubmitter;
    case v1::RUNNER:
      return Role::kRunner;
    case v1::OPERATOR:
      return Role::kOperator;
    default:
      return Role::kAdministrator;
  }
}

int64_t BytesMaxOf(const v1::RequestLimits& limits) {
  if (limits.any_size()) return INT64_MAX;
  return limits.has_bytes_max() ? limits.bytes_max() : kBytesMax;
}

}  // namespace

absl::Status AccessDenied(const Principal& caller, absl::string_view action) {
  return WithReason(
      absl::PermissionDeniedError(absl::StrCat(
          "User: ", caller.Arn(), " is not authorized to perform: ", action)),
      "AccessDenied");
}

MethodContract::MethodContract(const google::protobuf::MethodDescriptor* method)
    : name_(method->name()),
      action_(absl::StrCat(absl::AsciiStrToLower(method->service()->name()),
                           ":", method->name())) {
  const google::protobuf::MethodOptions& options = method->options();
  for (int i = 0; i < options.ExtensionSize(v1::roles); ++i) {
    roles_.push_back(ToRole(options.GetExtension(v1::roles, i)));
  }
  const v1::RequestLimits& limits = options.GetExtension(v1::request);
  bytes_max_ = BytesMaxOf(limits);
  values_max_ = limits.has_values_max() ? limits.values_max() : kValuesMax;
}

absl::Status MethodContract::CheckRole(const Principal& caller) const {
  if (caller.roles.Has(Role::kAdministrator) ||
      std::any_of(roles_.begin(), roles_.end(),
                  [&](Role role) { return caller.roles.Has(role); })) {
    return absl::OkStatus();
  }
  return AccessDenied(caller, action_);
}

absl::Status MethodContract::CheckBytes(uint64_t bytes) const {
  if (bytes <= static_cast<uint64_t>(bytes_max_)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "A request of ", name_, " must have at most ", bytes_max_, " bytes."));
}

absl::Status MethodContract::TooManyValues() const {
  return absl::InvalidArgumentError(absl::StrCat(
      "A request of ", name_, " must have at most ", values_max_,
      " values: each field that is present is one, and each element of a "
      "list."));
}

}  // namespace holdline
