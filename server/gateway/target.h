// Lookup of the method that an `X-Amz-Target` header names.

#ifndef HOLDLINE_SERVER_GATEWAY_TARGET_H_
#define HOLDLINE_SERVER_GATEWAY_TARGET_H_

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "server/contract/method_contract.h"

namespace holdline {

// Returns the method that `<Service>.<Method>` names, or null if there is none.
// A prefix that begins with `DataPipeline`, in any case, names that service:
// old documentation has `DataPipeline_20121129` (DATAPIPELINE section 12.1).
const google::protobuf::MethodDescriptor* FindTarget(absl::string_view target);

// The contract of a method that FindTarget has returned. Thread-safe.
const MethodContract& ContractOf(
    const google::protobuf::MethodDescriptor* method);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_TARGET_H_
