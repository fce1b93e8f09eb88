// A client of a Holdline server.
//
//   holdline::client::Client client(holdline::client::Connect("host:7070"));
//   holdline::v1::SubmitTasksRequest request;
//   ...
//   absl::StatusOr<holdline::v1::SubmitTasksResponse> taken =
//       client.Call(&holdline::client::TaskQueue::SubmitTasks, request);
//
// Thread-safe: all methods may be called from several threads at once. Each
// blocks until it has an answer or gives up.

#ifndef HOLDLINE_CLIENT_HOLDLINE_CLIENT_H_
#define HOLDLINE_CLIENT_HOLDLINE_CLIENT_H_

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/call_options.h"
#include "client/time_and_chance.h"
#include "client/tls_files.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"
#include "holdline/v1/data_pipeline.pb.h"
#include "holdline/v1/operator.pb.h"
#include "holdline/v1/task_queue.pb.h"

namespace holdline::client {

// A channel to `address` (HOST:PORT), encrypted if `tls` is enabled, on which a
// dead connection is noticed within 30 seconds even while a poll is held.
// Connects when it is first used. The files are not checked (see Check), and
// their changes are followed.
std::shared_ptr<grpc::Channel> Connect(const std::string& address,
                                       const TlsFiles& tls = {});

// A unary method of one of the services in services.h, such as
// `&TaskQueue::SubmitTasks`.
template <class Service, class Request, class Response>
using UnaryMethod = void (Service::*)(grpc::ClientContext*, const Request*,
                                      Response*,
                                      std::function<void(grpc::Status)>);

// Whether the server may hold a call with such a request until it has an
// answer. Client has a method of its own for each.
template <class Request>
inline constexpr bool kIsHeld = std::is_same_v<Request, v1::PollForTaskInput> ||
                                std::is_same_v<Request, v1::WaitForTaskRequest>;

// Every call returns the server's answer or one of these errors. The message
// is meant for people; ReasonOf (call_error.h) has the AWS error name.
//  - UNAVAILABLE: nothing answers at the address, or the server cannot serve
//    now. The call was retried first, for retry_for.
//  - DEADLINE_EXCEEDED: no answer in time. What was asked may have happened.
//  - CANCELLED: by CallOptions::cancellation, likewise. If the server cancels a
//    call, that is UNAVAILABLE.
//  - what the method's comment in proto/holdline/v1 lists.
class Client {
 public:
  explicit Client(std::shared_ptr<grpc::Channel> channel,
                  ClientOptions options = {},
                  TimeAndChance time_and_chance = RealTimeAndChance());
  ~Client();

  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Calls a method, with retries. A request without its `request_id` or
  // `unique_id` is given one, so that a retry does not take tasks twice or make
  // two pipelines. For other methods that change something, an attempt whose
  // answer was lost may have been executed: a retry may then begin a second run
  // of an on-demand pipeline, or not find the pipeline that it deletes.
  template <class Service, class Request, class Response>
  absl::StatusOr<Response> Call(
      UnaryMethod<Service, Request, Response> method,
      std::type_identity_t<Request> request,
      const CallOptions& options = {}) requires(!kIsHeld<Request>) {
    SetRequestId(request);
    Response response;
    const absl::Status status =
        Try(options_.call_timeout, options,
            [&](grpc::ClientContext* context, Ended ended) {
              (StubOf<Service>().*method)(context, &request, &response,
                                          std::move(ended));
            });
    if (!status.ok()) return status;
    return response;
  }

  // Calls TaskQueue.WaitForTask, which the server may hold for as long as the
  // options say.
  absl::StatusOr<v1::Task> WaitForTask(const v1::WaitForTaskRequest& request,
                                       const CallOptions& options = {});

  // Calls DataPipeline.PollForTask, which the server may hold likewise. Polls
  // are not retried: callers poll in a loop. A task that has arrived is
  // returned whatever the status of the call, so that the caller of a cancelled
  // poll can hand it back.
  absl::StatusOr<v1::PollForTaskOutput> PollForTask(
      const v1::PollForTaskInput& request, CallOptions options = {});

  // Follows the worker groups: passes each message to `heed`, until that
  // returns false, which ends the stream with CANCELLED, or the stream ends
  // with an error. The stream is not retried, and has no deadline unless the
  // options set one.
  absl::Status WatchGroups(
      const v1::WatchGroupsRequest& request,
      absl::FunctionRef<bool(const v1::WatchGroupsResponse&)> heed,
      const CallOptions& options = {});

  // Waits before the caller retries by itself: for `wait`, until cancelled, or
  // until a lost connection is back. `cancellation` may be null.
  void Pause(absl::Duration wait, const Cancellation* cancellation);

 private:
  struct Stubs;

  // Called once, at the end of an attempt.
  using Ended = std::function<void(grpc::Status)>;

  // Defined for the services of services.h.
  template <class Service>
  Service& StubOf() const;

  static void SetRequestId(google::protobuf::Message& request);

  // Calls `start` until there is an answer other than UNAVAILABLE, or the time
  // is up. An attempt may take `timeout`, unless the options say otherwise.
  absl::Status Try(absl::Duration timeout, const CallOptions& options,
                   absl::FunctionRef<void(grpc::ClientContext*, Ended)> start);

  absl::Duration HeldTimeout() const {
    return options_.hold + options_.hold_margin;
  }

  const ClientOptions options_;
  const TimeAndChance time_and_chance_;
  const std::unique_ptr<Stubs> stubs_;
};

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_HOLDLINE_CLIENT_H_
