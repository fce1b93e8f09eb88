// What gRPC itself costs: a server that answers calls of the broker's methods
// with bytes that it was given, at once, and keeps nothing.
//
//   raw_server ANSWERS         answers every call at once
//   raw_server ANSWERS --hold  holds each poll until there is a submission for
//                              it
//
// ANSWERS is a folder with one file for each method, named as it is. Prints
// `ready grpc=HOST:PORT` once it serves; ends at SIGTERM.

#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <list>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/support/byte_buffer.h"
#include "holdline/v1/data_pipeline.grpc.pb.h"
#include "holdline/v1/task_queue.grpc.pb.h"

namespace holdline::load {
namespace {

using ::grpc::ByteBuffer;
using ::grpc::CallbackServerContext;
using ::grpc::ServerUnaryReactor;

ByteBuffer ReadAnswer(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream bytes;
  if (file.peek() != std::ifstream::traits_type::eof()) bytes << file.rdbuf();
  if (!file.is_open()) {
    std::fprintf(stderr, "raw_server: cannot read %s\n", path.c_str());
    std::exit(EXIT_FAILURE);
  }
  const grpc::Slice slice(bytes.str());
  return ByteBuffer(&slice, 1);
}

// The polls that are held, in the order of their arrival. Thread-safe.
class HeldPolls {
 public:
  explicit HeldPolls(ByteBuffer answer) : answer_(std::move(answer)) {}

  // Holds a poll until it is answered or cancelled.
  ServerUnaryReactor* Hold(ByteBuffer* response) {
    auto* const poll = new Poll(this, response);
    if (!Park(poll)) Answer(poll);
    return poll;
  }

  // Answers the oldest one, or the next to come.
  void AnswerOne() {
    if (Poll* const poll = TakeOldest()) Answer(poll);
  }

 private:
  struct Poll final : public ServerUnaryReactor {
    Poll(HeldPolls* held_polls, ByteBuffer* bytes)
        : polls(held_polls), response(bytes) {}
    void OnCancel() override {
      if (polls->Remove(this)) Finish(grpc::Status::CANCELLED);
    }
    void OnDone() override { delete this; }

    HeldPolls* const polls;
    ByteBuffer* const response;
    std::optional<std::list<Poll*>::iterator> place;
  };

  void Answer(Poll* poll) {
    *poll->response = answer_;
    poll->Finish(grpc::Status::OK);
  }

  // Parks a poll. Returns false if there is an answer for it already.
  bool Park(Poll* poll) {
    absl::MutexLock lock(&mutex_);
    if (owed_ > 0) {
      --owed_;
      return false;
    }
    poll->place = polls_.insert(polls_.end(), poll);
    return true;
  }

  // Takes the oldest poll out. If there is none, owes the next one an answer,
  // and returns null.
  Poll* TakeOldest() {
    absl::MutexLock lock(&mutex_);
    if (polls_.empty()) {
      ++owed_;
      return nullptr;
    }
    Poll* const poll = polls_.front();
    polls_.pop_front();
    poll->place.reset();
    return poll;
  }

  // Returns false if it is not there.
  bool Remove(Poll* poll) {
    absl::MutexLock lock(&mutex_);
    if (!poll->place.has_value()) return false;
    polls_.erase(*poll->place);
    poll->place.reset();
    return true;
  }

  const ByteBuffer answer_;
  absl::Mutex mutex_;
  std::list<Poll*> polls_ ABSL_GUARDED_BY(mutex_);

  // Submissions that found no poll.
  int owed_ ABSL_GUARDED_BY(mutex_) = 0;
};

ServerUnaryReactor* AnswerAtOnce(CallbackServerContext* context,
                                 const ByteBuffer& answer,
                                 ByteBuffer* response) {
  *response = answer;
  ServerUnaryReactor* const reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

// On top of the callback services, because a single synchronous method would
// make gRPC start its synchronous threads, which slow the others down.
using DataPipelineMethods = v1::DataPipeline::WithRawCallbackMethod_PollForTask<
    v1::DataPipeline::WithRawCallbackMethod_SetTaskStatus<
        v1::DataPipeline::CallbackService>>;

class RawDataPipeline final : public DataPipelineMethods {
 public:
  // Holds polls if `polls` is not null.
  RawDataPipeline(const std::string& answers, HeldPolls* polls)
      : poll_answer_(ReadAnswer(answers + "/PollForTask")),
        status_answer_(ReadAnswer(answers + "/SetTaskStatus")),
        polls_(polls) {}

  ServerUnaryReactor* PollForTask(CallbackServerContext* context,
                                  const ByteBuffer* request,
                                  ByteBuffer* response) override {
    if (polls_ == nullptr) {
      return AnswerAtOnce(context, poll_answer_, response);
    }
    // They would keep a piece of the connection's read buffer. They are const
    // only because gRPC passes requests so.
    const_cast<ByteBuffer*>(request)->Clear();
    return polls_->Hold(response);
  }

  ServerUnaryReactor* SetTaskStatus(CallbackServerContext* context,
                                    const ByteBuffer* /*request*/,
                                    ByteBuffer* response) override {
    return AnswerAtOnce(context, status_answer_, response);
  }

 private:
  const ByteBuffer poll_answer_;
  const ByteBuffer status_answer_;
  HeldPolls* const polls_;
};

class RawTaskQueue final
    : public v1::TaskQueue::WithRawCallbackMethod_SubmitTasks<
          v1::TaskQueue::CallbackService> {
 public:
  // Each submission answers one of `polls`, if it is not null.
  RawTaskQueue(const std::string& answers, HeldPolls* polls)
      : answer_(ReadAnswer(answers + "/SubmitTasks")), polls_(polls) {}

  ServerUnaryReactor* SubmitTasks(CallbackServerContext* context,
                                  const ByteBuffer* /*request*/,
                                  ByteBuffer* response) override {
    if (polls_ != nullptr) polls_->AnswerOne();
    return AnswerAtOnce(context, answer_, response);
  }

 private:
  const ByteBuffer answer_;
  HeldPolls* const polls_;
};

int Serve(const std::string& answers, bool hold) {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);

  HeldPolls polls(ReadAnswer(answers + "/PollForTask"));
  RawDataPipeline data_pipeline(answers, hold ? &polls : nullptr);
  RawTaskQueue task_queue(answers, hold ? &polls : nullptr);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  builder.RegisterService(&data_pipeline);
  builder.RegisterService(&task_queue);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return EXIT_FAILURE;
  std::printf("ready grpc=127.0.0.1:%d\n", port);
  std::fflush(stdout);

  int signal;
  sigwait(&stop, &signal);
  server->Shutdown(std::chrono::system_clock::now());
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace holdline::load

int main(int argc, char** argv) {
  const bool hold = argc == 3 && std::string(argv[2]) == "--hold";
  if (argc != 2 && !hold) {
    std::fputs("Usage: raw_server ANSWERS [--hold]\n", stderr);
    return EXIT_FAILURE;
  }
  return holdline::load::Serve(argv[1], hold);
}
