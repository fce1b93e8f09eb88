// Polls that are parked at a server, and submissions that wake one of them.

#ifndef HOLDLINE_TESTS_LOAD_PARKED_POLLS_H_
#define HOLDLINE_TESTS_LOAD_PARKED_POLLS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/load/call_loop.h"
#include "tests/load/connection.h"
#include "tests/load/server_process.h"

namespace holdline::load {

// Used by one thread. An error of any call ends everything: all that follows
// returns it.
class ParkedPolls {
 public:
  // Opens so many connections for the polls and one more for the submitter.
  // UNAVAILABLE: not within 10 seconds.
  static absl::StatusOr<std::unique_ptr<ParkedPolls>> Connect(
      const std::string& address, int connections);

  // Sends `count` polls.
  void Park(int count);

  // Lets time pass. INTERNAL: a poll was answered meanwhile.
  absl::Status Rest(absl::Duration duration);

  // Waits until the server has nothing left to do. DEADLINE_EXCEEDED: not
  // within 30 seconds.
  absl::Status Settle(const ServerProcess& server);

  // Wakes so many polls, one after the other, and adds how long each took from
  // the submission to the poll's answer. A poll that was woken finishes the
  // task and polls again. DATA_LOSS: a submission was not answered by exactly
  // one.
  absl::Status Wake(int count, std::vector<absl::Duration>* samples);

 private:
  ParkedPolls(std::vector<std::unique_ptr<Connection>> connections,
              std::unique_ptr<Connection> submitter)
      : connections_(std::move(connections)),
        submitter_(std::move(submitter)) {}

  absl::StatusOr<absl::Duration> WakeOne();
  bool HasEnded() const { return !error_.ok() || answered_ > 0; }
  void Poll(Connection* connection);

  // Notes the first error.
  bool IsGood(const grpc::Status& status);

  const std::vector<std::unique_ptr<Connection>> connections_;
  const std::unique_ptr<Connection> submitter_;
  CallLoop loop_;
  absl::Status error_;
  absl::Time answered_at_;
  int answered_ = 0;
  int finished_ = 0;
  int submitted_ = 0;
};

}  // namespace holdline::load

#endif  // HOLDLINE_TESTS_LOAD_PARKED_POLLS_H_
