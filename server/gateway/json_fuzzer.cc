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
#include "holdline/v1/data_pipeline.pb.h"
#include "holdline/v1/operator.pb.h"
#include "holdline/v1/task_queue.pb.h"
#include "server/gateway/json_reader.h"
#include "server/gateway/json_writer.h"

namespace holdline {
namespace {

using ::google::protobuf::Message;

std::vector<const Message*> AllInputs() {
  std::vector<const Message*> inputs;
  for (const auto* file :
       {v1::PollForTaskInput::descriptor()->file(),
        v1::NewTask::descriptor()->file(), v1::Group::descriptor()->file()}) {
    for (int i = 0; i < file->service(0)->method_count(); ++i) {
      inputs.push_back(
          google::protobuf::MessageFactory::generated_factory()->GetPrototype(
              file->service(0)->method(i)->input_type()));
    }
  }
  return inputs;
}

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
  static const auto* const inputs =
      new std::vector<const google::protobuf::Message*>(holdline::AllInputs());
  if (size == 0) return 0;
  holdline::Check(*(*inputs)[data[0] % inputs->size()],
                  {reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}
