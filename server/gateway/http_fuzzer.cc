// Any bytes on a connection to the gateway, which then still serves others.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "server/gateway/gateway.h"
#include "server/gateway/raw_client.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

class Target {
 public:
  Target() {
    GatewayOptions options;
    options.address = "127.0.0.1:0";
    options.body_bytes_max = 1 << 16;
    gateway_ =
        Gateway::Start(options, {.broker = server_.server().InProcessChannel()})
            .value();
  }

  void Run(const std::string& bytes) {
    RawClient client(gateway_->address());
    client.Send(bytes);
    client.ShutDownSending();
    if (!client.AwaitClosed()) std::abort();
    const RawClient::Answer answer =
        RawClient(gateway_->address())
            .Ask("DataPipeline.PollForTask", R"({"workerGroup": "beside"})");
    if (answer.result_int() != 200) std::abort();
  }

 private:
  TestServer server_{{.hold_max = absl::Milliseconds(1)}};
  std::unique_ptr<Gateway> gateway_;
};

}  // namespace
}  // namespace holdline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static auto* const target = new holdline::Target();
  target->Run(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
