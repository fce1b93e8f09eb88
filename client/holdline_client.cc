#include "client/holdline_client.h"

#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "client/call_error.h"
#include "client/poll_call.h"
#include "client/services.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/support/channel_arguments.h"
#include "proto/metadata_keys.h"
#include "server/base/uuid.h"

namespace holdline::client {
namespace {

// The server's limit on answers is 20 MiB and what wraps it.
constexpr int kAnswerBytesMax = 32 << 20;

// The fields by which the server knows a request again.
constexpr const char* kRequestIdFields[] = {"request_id", "unique_id"};

void Show(const AccessKey& key, grpc::ClientContext* context) {
  if (key.empty()) return;
  context->AddMetadata(kAuthorizationKey,
                       absl::StrCat("Bearer ", key.id, ":", key.secret));
  if (!key.session_token.empty()) {
    context->AddMetadata(kSessionTokenKey, key.session_token);
  }
}

bool Cancelled(const CallOptions& options) {
  return options.cancellation != nullptr && options.cancellation->cancelled();
}

// Starts a call and waits until it has ended.
grpc::Status Await(grpc::ClientContext& context,
                   absl::FunctionRef<void(grpc::ClientContext*,
                                          std::function<void(grpc::Status)>)>
                       start) {
  grpc::Status outcome;
  absl::Notification ended;
  start(&context, [&](grpc::Status status) {
    outcome = std::move(status);
    ended.Notify();
  });
  ended.WaitForNotification();
  return outcome;
}

// What a try has come to. That it was cancelled, though nobody here did that,
// says of the server what UNAVAILABLE says.
absl::Status Outcome(const grpc::Status& status, const CallOptions& options) {
  if (status.error_code() == grpc::StatusCode::CANCELLED &&
      !Cancelled(options)) {
    return absl::UnavailableError(absl::StrCat(
        "the server has dropped the call: ", status.error_message()));
  }
  return FromGrpcStatus(status);
}

}  // namespace

std::shared_ptr<grpc::Channel> Connect(const std::string& address,
                                       const TlsFiles& tls) {
  grpc::ChannelArguments arguments;
  // A held poll sends nothing for minutes; without pings, a connection that
  // died silently would look like a quiet worker group.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 20'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // A server that is back is found within a second, and gRPC's jitter of a
  // fifth keeps its clients from coming all at once. A try may take longer: the
  // server lets those wait whom it does not know.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 800);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5'000);
  arguments.SetMaxReceiveMessageSize(kAnswerBytesMax);
  // Only this library decides what is safe to send twice.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  return grpc::CreateCustomChannel(address, ToCredentials(tls), arguments);
}

struct Client::Stubs {
  explicit Stubs(const std::shared_ptr<grpc::Channel>& given)
      : channel(given),
        data_pipeline(given),
        operations(given),
        task_queue(given) {}

  const std::shared_ptr<grpc::Channel> channel;
  v1::DataPipeline::Stub data_pipeline;
  v1::Operator::Stub operations;
  v1::TaskQueue::Stub task_queue;
  const std::tuple<DataPipeline*, Operator*, TaskQueue*> services = {
      data_pipeline.async(), operations.async(), task_queue.async()};
};

Client::Client(std::shared_ptr<grpc::Channel> channel, ClientOptions options,
               TimeAndChance time_and_chance)
    : options_(options),
      time_and_chance_(std::move(time_and_chance)),
      stubs_(std::make_unique<Stubs>(channel)) {}

Client::~Client() = default;

template <class Service>
Service& Client::StubOf() const {
  return *std::get<Service*>(stubs_->services);
}

template DataPipeline& Client::StubOf() const;
template Operator& Client::StubOf() const;
template TaskQueue& Client::StubOf() const;

void Client::SetRequestId(google::protobuf::Message& request) {
  for (const char* name : kRequestIdFields) {
    const google::protobuf::FieldDescriptor* const field =
        request.GetDescriptor()->FindFieldByName(name);
    if (field == nullptr) continue;
    const google::protobuf::Reflection& fields = *request.GetReflection();
    if (fields.HasField(request, field)) continue;
    fields.SetString(&request, field, RandomUuid());
  }
}

absl::Status Client::Try(
    absl::Duration timeout, const CallOptions& options,
    absl::FunctionRef<void(grpc::ClientContext*, Ended)> start) {
  const std::string request_id = RandomUuid();
  const absl::Duration retry_for =
      options.retry_for.value_or(options_.retry_for);
  const absl::Time give_up = time_and_chance_.now() + retry_for;
  Backoff backoff(options_.backoff, time_and_chance_.random);
  while (true) {
    grpc::ClientContext context;
    context.AddMetadata(kRequestIdKey, request_id);
    Show(options_.access_key, &context);
    context.set_deadline(
        absl::ToChronoTime(absl::Now() + options.timeout.value_or(timeout)));
    absl::Status status;
    {
      Cancellation::Listener listener(options.cancellation,
                                      [&context] { context.TryCancel(); });
      status = Outcome(Await(context, start), options);
    }
    if (!absl::IsUnavailable(status) || Cancelled(options)) return status;
    const absl::Duration wait = backoff.Next();
    if (time_and_chance_.now() + wait >= give_up) return status;
    Pause(wait, options.cancellation);
    if (Cancelled(options)) return absl::CancelledError("cancelled");
  }
}

void Client::Pause(absl::Duration wait, const Cancellation* cancellation) {
  time_and_chance_.sleep(*stubs_->channel, wait, cancellation);
}

absl::StatusOr<v1::Task> Client::WaitForTask(
    const v1::WaitForTaskRequest& request, const CallOptions& options) {
  CallOptions held = options;
  // Counted from the start, when the server begins to hold it.
  if (!held.retry_for) held.retry_for = HeldTimeout() + options_.retry_for;
  v1::Task task;
  const absl::Status status =
      Try(HeldTimeout(), held, [&](grpc::ClientContext* context, Ended ended) {
        StubOf<TaskQueue>().WaitForTask(context, &request, &task,
                                        std::move(ended));
      });
  if (!status.ok()) return status;
  return task;
}

absl::StatusOr<v1::PollForTaskOutput> Client::PollForTask(
    const v1::PollForTaskInput& request, CallOptions options) {
  options.retry_for = absl::ZeroDuration();
  v1::PollForTaskOutput output;
  const absl::Status status = Try(
      HeldTimeout(), options, [&](grpc::ClientContext* context, Ended ended) {
        ended(PollOnce(stubs_->channel, context, request, &output));
      });
  if (!status.ok() && !output.has_task_object()) return status;
  return output;
}

// Blocks in one thread: there is always a read under way.
absl::Status Client::WatchGroups(
    const v1::WatchGroupsRequest& request,
    absl::FunctionRef<bool(const v1::WatchGroupsResponse&)> heed,
    const CallOptions& options) {
  grpc::ClientContext context;
  context.AddMetadata(kRequestIdKey, RandomUuid());
  Show(options_.access_key, &context);
  if (options.timeout.has_value()) {
    context.set_deadline(absl::ToChronoTime(absl::Now() + *options.timeout));
  }
  Cancellation::Listener listener(options.cancellation,
                                  [&context] { context.TryCancel(); });
  const auto reader = stubs_->operations.WatchGroups(&context, request);
  v1::WatchGroupsResponse response;
  while (reader->Read(&response)) {
    if (heed(response)) continue;
    context.TryCancel();
    reader->Finish();
    return absl::CancelledError("cancelled");
  }
  return Outcome(reader->Finish(), options);
}

}  // namespace holdline::client
