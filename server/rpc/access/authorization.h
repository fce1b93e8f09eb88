// Authorization of a call by roles and worker groups (DATAPIPELINE sections
// 12.5 and 12.6). The role is checked by the method's contract, before the
// request is read.

#ifndef HOLDLINE_SERVER_RPC_ACCESS_AUTHORIZATION_H_
#define HOLDLINE_SERVER_RPC_ACCESS_AUTHORIZATION_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "server/auth/credentials/principal.h"
#include "server/contract/method_contract.h"

namespace holdline {

// The declarations of one method: the roles that may call it, and the fields
// that name worker groups. Immutable, so thread-safe.
class Authorization {
 public:
  explicit Authorization(const google::protobuf::MethodDescriptor* method);

  const MethodContract& contract() const { return contract_; }

  // Returns OK if the caller may call the method with `input`; otherwise
  // PERMISSION_DENIED (`AccessDenied`), which names the caller and the method
  // and is the same whatever the input names.
  absl::Status Check(const Principal& caller,
                     const google::protobuf::Message& input) const;

 private:
  bool MayCall(const Principal& caller,
               const google::protobuf::Message& input) const;

  MethodContract contract_;
  std::vector<const google::protobuf::FieldDescriptor*> groups_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_ACCESS_AUTHORIZATION_H_
