#include "server/gateway/broker_channel.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "holdline/v1/contract.pb.h"
#include "proto/metadata_keys.h"

namespace holdline {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::DescriptorPool;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::MessageFactory;
using ::google::protobuf::MethodDescriptor;

// How long an answer may take to be taken back. It is not cut short when the
// gateway stops.
constexpr absl::Duration kRecallTimeout = absl::Seconds(5);

std::unique_ptr<Message> New(const Descriptor* type) {
  return std::unique_ptr<Message>(
      MessageFactory::generated_factory()->GetPrototype(type)->New());
}

// The string that stands at `path` in the message, or an empty one.
std::string TextAt(const Message& message, const std::string& path) {
  const Message* at = &message;
  const std::vector<std::string> names = absl::StrSplit(path, '.');
  for (size_t i = 0; i < names.size(); ++i) {
    const FieldDescriptor* field =
        at->GetDescriptor()->FindFieldByName(names[i]);
    if (field == nullptr || !at->GetReflection()->HasField(*at, field)) {
      return "";
    }
    if (i + 1 == names.size()) {
      return at->GetReflection()->GetString(*at, field);
    }
    at = &at->GetReflection()->GetMessage(*at, field);
  }
  return "";
}

// `package.Service/Method`, as the option names it.
const MethodDescriptor* FindMethod(const std::string& name) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(name, '/');
  const auto* service =
      DescriptorPool::generated_pool()->FindServiceByName(parts.first);
  return service == nullptr ? nullptr : service->FindMethodByName(parts.second);
}

}  // namespace

void BrokerCall::End(grpc::Status status) {
  std::unique_ptr<Message> output = New(output_type_);
  if (status.ok()) {
    grpc::ProtoBufferReader reader(&response_);
    if (!output->ParseFromZeroCopyStream(&reader)) {
      status = grpc::Status(grpc::StatusCode::INTERNAL,
                            "The broker's response cannot be parsed.");
    }
  }
  const Callback done = std::move(done_);
  // The channel may be let go from now on. On this thread nobody may do that
  // last: gRPC would wait for the thread to end.
  self_ = nullptr;
  done(std::move(status), std::move(output));
}

BrokerChannel::BrokerChannel(std::shared_ptr<grpc::Channel> channel,
                             std::string authorization)
    : stub_(std::move(channel)), authorization_(std::move(authorization)) {}

std::shared_ptr<BrokerCall> BrokerChannel::Call(const MethodDescriptor* method,
                                                const Message& input,
                                                const CallTerms& terms,
                                                BrokerCall::Callback done) {
  auto call = std::make_shared<BrokerCall>();
  call->context_.set_deadline(absl::ToChronoTime(absl::Now() + terms.timeout));
  call->context_.AddMetadata(kRequestIdKey, terms.request_id);
  if (authorization_.empty()) {
    // Says that the call was counted here.
    call->context_.AddMetadata(kOnBehalfOfKey, "");
  } else {
    call->context_.AddMetadata(kAuthorizationKey, authorization_);
    call->context_.AddMetadata(
        kOnBehalfOfKey,
        absl::StrCat(terms.on_behalf_of, " ", terms.caller_address));
  }
  call->output_type_ = method->output_type();
  call->done_ = std::move(done);
  call->self_ = call;
  // With a mere pointer, because gRPC copies the function.
  stub_.UnaryCall(
      &call->context_,
      absl::StrCat("/", method->service()->full_name(), "/", method->name()),
      {}, &input, &call->response_, [call = call.get()](grpc::Status status) {
        call->End(std::move(status));
      });
  return call;
}

void BrokerChannel::Recall(const MethodDescriptor* method,
                           const Message& output, CallTerms terms,
                           std::function<void()> done) {
  const v1::Undelivered& how = method->options().GetExtension(v1::undelivered);
  const MethodDescriptor* recall = FindMethod(how.method());
  const std::string value = TextAt(output, how.path());
  if (recall == nullptr || value.empty()) return done();
  std::unique_ptr<Message> input = New(recall->input_type());
  input->GetReflection()->SetString(input.get(), recall->input_type()->field(0),
                                    value);
  terms.timeout = kRecallTimeout;
  Call(recall, *input, terms,
       [done = std::move(done)](const grpc::Status&, std::unique_ptr<Message>) {
         done();
       });
}

}  // namespace holdline
