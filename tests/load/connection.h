// Connections to the server under load, and the calls that load consists of.

#ifndef HOLDLINE_TESTS_LOAD_CONNECTION_H_
#define HOLDLINE_TESTS_LOAD_CONNECTION_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "holdline/v1/data_pipeline.grpc.pb.h"
#include "holdline/v1/task_queue.grpc.pb.h"
#include "tests/load/call_loop.h"

namespace holdline::load {

// Called with what a call answered.
template <typename Output>
using OnAnswer = std::function<void(const grpc::Status&, const Output&)>;

// A connection of its own: no other shares its socket.
class Connection {
 public:
  // Connects `count` times. UNAVAILABLE: not within 10 seconds.
  static absl::StatusOr<std::vector<std::unique_ptr<Connection>>> Open(
      const std::string& address, int count);

  // Submits a task with 1 KiB of payload.
  void Submit(CallLoop* loop, OnAnswer<v1::SubmitTasksResponse> done);

  // Asks for a task.
  void Poll(CallLoop* loop, OnAnswer<v1::PollForTaskOutput> done);

  // Says that the task is finished.
  void Finish(CallLoop* loop, const std::string& task_id,
              OnAnswer<v1::SetTaskStatusOutput> done);

 private:
  Connection(const std::string& address, int number);

  const std::shared_ptr<grpc::Channel> channel_;
  v1::TaskQueue::Stub task_queue_;
  v1::DataPipeline::Stub data_pipeline_;
  v1::SubmitTasksRequest submission_;
  v1::PollForTaskInput poll_;
};

}  // namespace holdline::load

#endif  // HOLDLINE_TESTS_LOAD_CONNECTION_H_
