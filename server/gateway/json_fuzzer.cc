// Any JSON as the input of any action. What is accepted means the same when it
// is written and read again.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "server/gateway/json_reader.h"
#include "server/gateway/json_writer.h"
#include "server/rpc/testing/all_methods.h"

namespace holdline {
namespace {

using ::google::protobuf::Message;

void Check(const Message& prototype, absl::string_view text) {
  const std::unique_ptr<Message> message(prototype.New());
  if (ReadJson(text, message.get()).has_value()) return;
  const std::string written = WriteJson(*message);
  const std::unique_ptr<Message> again(prototype.New());
  if (ReadJson(written, again.get()).has_value()) std::abort();
  if (WriteJson(*again) != written) std::abort();
}

}  // namespace
}  // namespace holdline

// The first byte chooses the action.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto* const methods =
      new std::vector<const google::protobuf::MethodDescriptor*>(
          holdline::AllMethods());
  if (size == 0) return 0;
  holdline::Check(
      *google::protobuf::MessageFactory::generated_factory()->GetPrototype(
          (*methods)[data[0] % methods->size()]->input_type()),
      {reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}
