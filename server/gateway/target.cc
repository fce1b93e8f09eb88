#include "server/gateway/target.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "holdline/v1/data_pipeline.pb.h"
#include "holdline/v1/operator.pb.h"
#include "holdline/v1/task_queue.pb.h"

namespace holdline {
namespace {

using ::google::protobuf::DescriptorPool;
using ::google::protobuf::FileDescriptor;

// Naming the files makes sure that their descriptors are linked in.
const FileDescriptor* const kServed[] = {
    v1::PollForTaskInput::descriptor()->file(),
    v1::NewTask::descriptor()->file(),
    v1::Group::descriptor()->file(),
};

}  // namespace

const google::protobuf::MethodDescriptor* FindTarget(absl::string_view target) {
  const size_t dot = target.rfind('.');
  if (dot == absl::string_view::npos) return nullptr;
  absl::string_view prefix = target.substr(0, dot);
  if (absl::StartsWithIgnoreCase(prefix, "DataPipeline")) {
    prefix = "DataPipeline";
  }
  const std::string method(target.substr(dot + 1));
  for (const FileDescriptor* file : kServed) {
    const auto* service = file->FindServiceByName(std::string(prefix));
    if (service != nullptr) return service->FindMethodByName(method);
  }
  return nullptr;
}

}  // namespace holdline
