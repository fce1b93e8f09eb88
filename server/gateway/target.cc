#include "server/gateway/target.h"

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "holdline/v1/data_pipeline.pb.h"
#include "holdline/v1/operator.pb.h"
#include "holdline/v1/task_queue.pb.h"

namespace holdline {
namespace {

using ::google::protobuf::FileDescriptor;
using ::google::protobuf::MethodDescriptor;
using Contracts = absl::flat_hash_map<const MethodDescriptor*, MethodContract>;

// Naming the files makes sure that their descriptors are linked in.
const FileDescriptor* const kServed[] = {
    v1::PollForTaskInput::descriptor()->file(),
    v1::NewTask::descriptor()->file(),
    v1::Group::descriptor()->file(),
};

Contracts AllContracts() {
  Contracts contracts;
  for (const FileDescriptor* file : kServed) {
    const auto* service = file->service(0);
    for (int i = 0; i < service->method_count(); ++i) {
      contracts.emplace(service->method(i), service->method(i));
    }
  }
  return contracts;
}

// The method, if it is answered with one message: a stream has no form in JSON.
const MethodDescriptor* Unary(const MethodDescriptor* method) {
  const bool unary = method != nullptr && !method->client_streaming() &&
                     !method->server_streaming();
  return unary ? method : nullptr;
}

}  // namespace

const MethodDescriptor* FindTarget(absl::string_view target) {
  const size_t dot = target.rfind('.');
  if (dot == absl::string_view::npos) return nullptr;
  absl::string_view prefix = target.substr(0, dot);
  if (absl::StartsWithIgnoreCase(prefix, "DataPipeline")) {
    prefix = "DataPipeline";
  }
  const std::string method(target.substr(dot + 1));
  for (const FileDescriptor* file : kServed) {
    const auto* service = file->FindServiceByName(std::string(prefix));
    if (service != nullptr) return Unary(service->FindMethodByName(method));
  }
  return nullptr;
}

const MethodContract& ContractOf(const MethodDescriptor* method) {
  static const auto* const contracts = new Contracts(AllContracts());
  return contracts->at(method);
}

}  // namespace holdline
