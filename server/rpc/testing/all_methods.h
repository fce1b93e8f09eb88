// The methods of all services, for tests.

#ifndef HOLDLINE_SERVER_RPC_TESTING_ALL_METHODS_H_
#define HOLDLINE_SERVER_RPC_TESTING_ALL_METHODS_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "holdline/v1/data_pipeline.pb.h"
#include "holdline/v1/operator.pb.h"
#include "holdline/v1/task_queue.pb.h"

namespace holdline {

// The methods of the three services, in the order of their declaration.
inline std::vector<const google::protobuf::MethodDescriptor*> AllMethods() {
  std::vector<const google::protobuf::MethodDescriptor*> methods;
  for (const auto* file :
       {v1::PollForTaskInput::descriptor()->file(),
        v1::NewTask::descriptor()->file(), v1::Group::descriptor()->file()}) {
    for (int i = 0; i < file->service(0)->method_count(); ++i) {
      methods.push_back(file->service(0)->method(i));
    }
  }
  return methods;
}

// The path of a method in gRPC: `/package.Service/Method`.
inline std::string PathOf(const google::protobuf::MethodDescriptor* method) {
  return absl::StrCat("/", method->service()->full_name(), "/", method->name());
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_TESTING_ALL_METHODS_H_
