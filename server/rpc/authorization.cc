#include "server/rpc/authorization.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "holdline/v1/contract.pb.h"
#include "server/broker/error_reason.h"

namespace holdline {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;

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

}  // namespace

Authorization::Authorization(const google::protobuf::MethodDescriptor* method)
    : action_(absl::StrCat(absl::AsciiStrToLower(method->service()->name()),
                           ":", method->name())) {
  const google::protobuf::MethodOptions& options = method->options();
  for (int i = 0; i < options.ExtensionSize(v1::roles); ++i) {
    roles_.push_back(ToRole(options.GetExtension(v1::roles, i)));
  }
  for (int i = 0; i < method->input_type()->field_count(); ++i) {
    const FieldDescriptor* field = method->input_type()->field(i);
    if (field->options().GetExtension(v1::served_group)) {
      groups_.push_back(field);
    }
  }
}

absl::Status Authorization::Check(const Principal& caller,
                                  const Message& input) const {
  if (MayCall(caller, input)) return absl::OkStatus();
  return WithReason(
      absl::PermissionDeniedError(absl::StrCat(
          "User: ", caller.Arn(), " is not authorized to perform: ", action_)),
      "AccessDenied");
}

bool Authorization::MayCall(const Principal& caller,
                            const Message& input) const {
  if (caller.roles.Has(Role::kAdministrator)) return true;
  const bool has_role =
      std::any_of(roles_.begin(), roles_.end(),
                  [&](Role role) { return caller.roles.Has(role); });
  return has_role &&
         std::all_of(groups_.begin(), groups_.end(),
                     [&](const FieldDescriptor* field) {
                       const std::string group =
                           input.GetReflection()->GetString(input, field);
                       return group.empty() || caller.MayPoll(group);
                     });
}

}  // namespace holdline
