// Any bytes as the request of any method over gRPC.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "server/rpc/testing/all_methods.h"
#include "server/rpc/testing/raw_call.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

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
      new std::vector<const google::protobuf::MethodDescriptor*>(
          holdline::AllMethods());
  if (size == 0) return 0;
  const holdline::RawOutcome outcome = holdline::RawCall(
      server->channel(),
      holdline::PathOf((*methods)[data[0] % methods->size()]),
      std::string(reinterpret_cast<const char*>(data) + 1, size - 1));
  if (!holdline::IsExpected(outcome.status.error_code())) std::abort();
  return 0;
}
