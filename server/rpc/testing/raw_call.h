// Calls of any method with any bytes, as a faulty client would make them.

#ifndef HOLDLINE_SERVER_RPC_TESTING_RAW_CALL_H_
#define HOLDLINE_SERVER_RPC_TESTING_RAW_CALL_H_

#include <map>
#include <memory>
#include <string>

#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace holdline {

struct RawOutcome {
  grpc::Status status;

  // The serialized message that was answered, if any.
  std::string response;
};

// The metadata of a call, by keys in lower case.
using Metadata = std::multimap<std::string, std::string>;

// Calls `method`, such as `/package.Service/Method`, with the bytes of
// `request`, and waits for the answer. A method of ours that answers with a
// stream has succeeded with its first message, and is then cancelled.
RawOutcome RawCall(const std::shared_ptr<grpc::Channel>& channel,
                   const std::string& method, const std::string& request,
                   const Metadata& metadata = {});

// Does the same for a method that streams both ways: sends one message, and
// takes one.
RawOutcome RawStreamCall(const std::shared_ptr<grpc::Channel>& channel,
                         const std::string& method, const std::string& request);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_TESTING_RAW_CALL_H_
