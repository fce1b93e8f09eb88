#include "tests/load/server_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <fstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace holdline::load {
namespace {

constexpr absl::Duration kStartTimeMax = absl::Seconds(30);
constexpr absl::Duration kStopTimeMax = absl::Seconds(10);

// Whether `file` could be read from within `patience`.
bool WaitForInput(int file, absl::Duration patience) {
  pollfd entry{file, POLLIN, 0};
  return poll(&entry, 1,
              static_cast<int>(absl::ToInt64Milliseconds(patience))) > 0;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::Start(
    std::vector<std::string> command) {
  std::vector<char*> arguments;
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) {
    return absl::ErrnoToStatus(errno, "cannot make a pipe");
  }
  const pid_t process = fork();
  if (process == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(pipe_ends[1], STDOUT_FILENO);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  close(pipe_ends[1]);
  if (process < 0) {
    close(pipe_ends[0]);
    return absl::ErrnoToStatus(errno, "cannot start a process");
  }
  std::unique_ptr<ServerProcess> server(
      new ServerProcess(process, pipe_ends[0]));
  const absl::Status status = server->WaitUntilReady();
  if (!status.ok()) {
    return absl::UnavailableError(
        absl::StrCat(command[0], ": ", status.message()));
  }
  return server;
}

absl::Status ServerProcess::WaitUntilReady() {
  const absl::Time deadline = absl::Now() + kStartTimeMax;
  constexpr absl::string_view kReady = "ready";
  std::string printed;
  while (true) {
    const size_t start = printed.find(kReady.data());
    const size_t end = printed.find('\n', start);
    if (start != std::string::npos && end != std::string::npos) {
      const size_t addresses = start + kReady.size();
      addresses_ = printed.substr(addresses, end - addresses);
      return absl::OkStatus();
    }
    if (!WaitForInput(output_, deadline - absl::Now())) {
      return absl::UnavailableError("is not ready in time");
    }
    char bytes[512];
    const ssize_t count = read(output_, bytes, sizeof(bytes));
    if (count <= 0) return absl::UnavailableError("has ended at its start");
    printed.append(bytes, static_cast<size_t>(count));
  }
}

std::string ServerProcess::AddressOf(absl::string_view protocol) const {
  const std::string mark = absl::StrCat(" ", protocol, "=");
  const size_t start = addresses_.find(mark);
  if (start == std::string::npos) return "";
  const size_t address = start + mark.size();
  return addresses_.substr(address, addresses_.find(' ', address) - address);
}

ServerProcess::~ServerProcess() {
  const int ended = static_cast<int>(syscall(SYS_pidfd_open, process_, 0));
  kill(process_, SIGTERM);
  if (!WaitForInput(ended, kStopTimeMax)) kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  close(ended);
  close(output_);
}

absl::Duration ServerProcess::CpuTime() const {
  clockid_t clock;
  timespec time{};
  if (clock_getcpuclockid(process_, &clock) == 0) clock_gettime(clock, &time);
  return absl::DurationFromTimespec(time);
}

int64_t ServerProcess::ResidentBytes() const {
  std::ifstream file(absl::StrCat("/proc/", process_, "/statm"));
  int64_t pages_in_all = 0;
  int64_t pages = 0;
  file >> pages_in_all >> pages;
  return pages * sysconf(_SC_PAGESIZE);
}

}  // namespace holdline::load
