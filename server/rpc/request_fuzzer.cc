// Any bytes as the request of any method over gRPC.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "server/rpc/raw_call.h"
#include "server/rpc/test_server.h"

namespace holdline {
namespace {

std::vector<std::string> AllMethods() {
  std::vector<std::string> methods;
  for (const auto* file :
       {v1::PollForTaskInput::descriptor()->file(),
        v1::NewTask::descriptor()->file(), v1::Group::descriptor()->file()}) {
    const google::protobuf::ServiceDescriptor* service = file->service(0);
    for (int i = 0; i < service->method_count(); ++i) {
      methods.push_back(absl::StrCat("/", service->full_name(), "/",
                                     service->method(i)->name()));
    }
  }
  return methods;
}

// Whether an answer is one that any request may get.
bool IsExpected(grpc::StatusCode code) {
  return code != grpc::StatusCode::INTERNAL &&
         code != grpc::StatusCode::UNKNOWN &&
         code != grpc::StatusCode::UNAVAILABLE;
}

}  // namespace
}  // namespace holdline

// The first byte chooses the method.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static auto* const server =
      new holdline::TestServer({.hold_max = absl::Milliseconds(1)});
  static const auto* const methods =
      new std::vector<std::string>(holdline::AllMethods());
  if (size == 0) return 0;
  const holdline::RawOutcome outcome = holdline::RawCall(
      server->channel(), (*methods)[data[0] % methods->size()],
      std::string(reinterpret_cast<const char*>(data) + 1, size - 1));
  if (!holdline::IsExpected(outcome.status.error_code())) std::abort();
  return 0;
}
