#include "server/rpc/access/authorization.h"

#include <algorithm>
#include <string>

#include "holdline/v1/contract.pb.h"

namespace holdline {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;

}  // namespace

Authorization::Authorization(const google::protobuf::MethodDescriptor* method)
    : contract_(method) {
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
  return AccessDenied(caller, contract_.action());
}

bool Authorization::MayCall(const Principal& caller,
                            const Message& input) const {
  if (caller.roles.Has(Role::kAdministrator)) return true;
  return contract_.CheckRole(caller).ok() &&
         std::all_of(groups_.begin(), groups_.end(),
                     [&](const FieldDescriptor* field) {
                       const std::string group =
                           input.GetReflection()->GetString(input, field);
                       return group.empty() || caller.MayPoll(group);
                     });
}

}  // namespace holdline
