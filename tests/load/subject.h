// The servers that are measured: the broker, and plain gRPC for comparison.

#ifndef HOLDLINE_TESTS_LOAD_SUBJECT_H_
#define HOLDLINE_TESTS_LOAD_SUBJECT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/load/server_process.h"

namespace holdline::load {

// Paths of the programs and their data.
struct Places {
  std::string server;       // the broker's program
  std::string raw_server;   // the raw server's program
  std::string echo_server;  // the echo server's program

  // A folder of our own on the disk that is measured.
  std::string directory;
};

// The server.
enum class Subject { kBroker, kRaw };

// Whether the raw server answers or holds a poll. The broker always holds it
// until there is a task.
enum class RawPoll { kAnswered, kHeld };

// Starts a server with nothing in it, the broker with further options.
absl::StatusOr<std::unique_ptr<ServerProcess>> StartServer(
    const Places& places, Subject subject, RawPoll raw_poll,
    const std::vector<std::string>& broker_options = {});

// Takes a task through its life in a broker and keeps the answers for the raw
// servers that are started later, so that they answer with as many bytes.
absl::Status KeepAnswers(const Places& places);

}  // namespace holdline::load

#endif  // HOLDLINE_TESTS_LOAD_SUBJECT_H_
