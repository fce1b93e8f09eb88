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

// Whether the server holds a call with such a request until there is something
// to answer. Such a method has a method of its own in Client.
template <class Request>
inline constexpr bool kIsHeld = std::is_same_v<Request, v1::PollForTaskInput> ||
                                std::is_same_v<Request, v1::WaitForTaskRequest>;

// Every call returns the server's answer or one of these errors. The message
// is meant for people; ReasonOf (call_error.h) has the AWS error name.
//  - UNAVAILABLE: nothing answers at the address, or the server cannot serve
//    now. The call was tried again first, for retry_for.
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

  // Calls a method, again if need be. A request that has a `request_id` or a
  // `unique_id` and leaves it out is given one, so that trying it again does
  // not take tasks twice or make two pipelines. Of the other methods that
  // change something, a try that was lost on its way back may have been heard:
  // another may then begin a second run of an on-demand pipeline, and find a
  // pipeline deleted that it is to delete.
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

  // Calls DataPipeline.PollForTask, which the server may hold likewise. A poll
  // is never tried again by itself: who polls, polls in a loop. A task that has
  // arrived is returned whatever became of the call, so that the caller of a
  // cancelled poll can hand it back.
  absl::StatusOr<v1::PollForTaskOutput> PollForTask(
      const v1::PollForTaskInput& request, CallOptions options = {});

  // Follows the worker groups: gives each message to `heed`, until that returns
  // false, which ends the stream with CANCELLED, or the stream ends, which it
  // does with an error. It is not begun again by itself, and has no deadline
  // unless the options set one.
  absl::Status WatchGroups(
      const v1::WatchGroupsRequest& request,
      absl::FunctionRef<bool(const v1::WatchGroupsResponse&)> heed,
      const CallOptions& options = {});

  // Waits before something is asked again that this client does not ask again
  // by itself: for `wait`, until it is cancelled, or until a connection that
  // was lost is there again. `cancellation` may be null.
  void Pause(absl::Duration wait, const Cancellation* cancellation);

 private:
  struct Stubs;

  // Is called once, when a try has ended.
  using Ended = std::function<void(grpc::Status)>;

  // Defined for the services of services.h.
  template <class Service>
  Service& StubOf() const;

  static void SetRequestId(google::protobuf::Message& request);

  // Calls `start` until there is an answer other than UNAVAILABLE, or time is
  // up. A try may take `timeout`, unless the options say otherwise.
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
