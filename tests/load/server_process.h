// A server under load: a process of its own, on a free port of loopback.

#ifndef HOLDLINE_TESTS_LOAD_SERVER_PROCESS_H_
#define HOLDLINE_TESTS_LOAD_SERVER_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace holdline::load {

// Used by one thread, whose end also ends the process.
class ServerProcess {
 public:
  // Runs `command` and waits until it prints a line such as
  // `ready grpc=HOST:PORT http=HOST:PORT`.
  // UNAVAILABLE: it did not within 30 seconds, or it ended.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> Start(
      std::vector<std::string> command);

  // Asks the process to stop, and ends it if it has not after 10 seconds.
  ~ServerProcess();

  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // Where it serves `protocol`, as `HOST:PORT`; empty if it does not.
  std::string AddressOf(absl::string_view protocol) const;

  // Where it serves gRPC.
  std::string address() const { return AddressOf("grpc"); }

  // The time that the process has spent on processors, in user and kernel mode.
  absl::Duration CpuTime() const;

  // The memory of the process that is in RAM.
  int64_t ResidentBytes() const;

 private:
  ServerProcess(pid_t process, int output)
      : process_(process), output_(output) {}

  absl::Status WaitUntilReady();

  const pid_t process_;
  const int output_;

  // What it printed after `ready`: a space before each address.
  std::string addresses_;
};

}  // namespace holdline::load

#endif  // HOLDLINE_TESTS_LOAD_SERVER_PROCESS_H_
