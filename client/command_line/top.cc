// top

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <thread>

#include "CLI/Option.hpp"
#include "CLI/Validators.hpp"
#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "client/command_line/follow_groups.h"
#include "client/command_line/interruption.h"
#include "client/command_line/top_frame.h"
#include "client/command_line/verb/verb.h"
#include "client/command_line/verbs.h"
#include "client/command_line/watched_groups.h"
#include "client/elapsed_time.h"

namespace holdline::client {
namespace {

// What is assumed of a terminal that does not know its size.
constexpr size_t kRows = 24;
constexpr size_t kColumns = 80;

struct TopOptions {
  std::string interval = "1s";
  std::string sort = "ready";
  int count = 0;
};

void DefineTop(CLI::App& verb, TopOptions& options) {
  verb.add_option("--interval", options.interval,
                  "The time between two looks, from 100ms to 1m")
      ->capture_default_str();
  verb.add_option("--sort", options.sort,
                  "By which column: the most first, or by name")
      ->check(CLI::IsMember(TopSorts()))
      ->capture_default_str();
  verb.add_option("--count", options.count,
                  "How many looks to take, and then end (no end but Ctrl-C)")
      ->check(CLI::Range(1, 1000000));
}

// The groups as a thread of its own follows them. Thread-safe.
class FollowedGroups {
 public:
  FollowedGroups(Client& client, const v1::WatchGroupsRequest& request,
                 Cancellation& stop)
      : stop_(stop),
        thread_([this, &client, request] { Follow(client, request); }) {}

  // Cancels `stop`, which ends the thread as well.
  ~FollowedGroups() { End().IgnoreError(); }

  struct State {
    WatchedGroups groups;

    // Since when the server does not answer; infinite future if it does.
    absl::Time lost_at = absl::InfiniteFuture();
  };

  State Now() {
    absl::MutexLock lock(&mutex_);
    return state_;
  }

  // Ends the watch, unless it has ended with an error, which is returned.
  absl::Status End() {
    stop_.Cancel();
    if (thread_.joinable()) thread_.join();
    absl::MutexLock lock(&mutex_);
    return result_;
  }

 private:
  void Follow(Client& client, const v1::WatchGroupsRequest& request) {
    const absl::Status result =
        FollowGroups(client, request, stop_,
                     {.on_message =
                          [this](const v1::WatchGroupsResponse& message) {
                            absl::MutexLock lock(&mutex_);
                            state_.groups.Take(message);
                            state_.lost_at = absl::InfiniteFuture();
                            return true;
                          },
                      .on_lost =
                          [this](const absl::Status&) {
                            absl::MutexLock lock(&mutex_);
                            state_.lost_at = absl::Now();
                          }});
    absl::MutexLock lock(&mutex_);
    result_ = result;
    if (!result.ok()) stop_.Cancel();
  }

  Cancellation& stop_;
  absl::Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_);
  absl::Status result_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;  // last: it uses all of the above
};

// Where frames are shown: in place of each other on a terminal, which is as it
// was before once this has gone, or below each other.
class Display {
 public:
  explicit Display(Session& session)
      : out_(session.out),
        is_screen_(session.interactive && isatty(STDOUT_FILENO) != 0) {
    if (is_screen_) out_ << "\033[?1049h\033[?25l" << std::flush;
  }
  ~Display() {
    if (is_screen_) out_ << "\033[?25h\033[?1049l" << std::flush;
  }

  // How much there is room for.
  void Measure(TopView* view) const {
    winsize size = {};
    if (!is_screen_ || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return;
    // A terminal that does not know its size says zero.
    const size_t rows = size.ws_row == 0 ? kRows : size.ws_row;
    const size_t columns = size.ws_col == 0 ? kColumns : size.ws_col;
    // One line for what is said of the server.
    view->lines_max = std::max<size_t>(rows, 4) - 2;
    view->columns_max = std::max<size_t>(columns, 2);
  }

  // Returns whether anybody can still see it.
  bool Show(const std::string& frame) {
    if (is_screen_) {
      out_ << "\033[H" << absl::StrReplaceAll(frame, {{"\n", "\033[K\n"}})
           << "\033[J";
    } else {
      out_ << frame << "\n";
    }
    out_ << std::flush;
    return out_.good();
  }

 private:
  std::ostream& out_;
  const bool is_screen_;
};

std::string Frame(const FollowedGroups::State& state, const BacklogTrend& trend,
                  const std::string& sort, const Display& display) {
  TopView view{state.groups.groups(), trend, absl::Now(), sort};
  display.Measure(&view);
  const std::string frame = TopFrame(view);
  if (state.lost_at == absl::InfiniteFuture()) return frame;
  return absl::StrCat(
      "The server does not answer since ",
      absl::FormatTime("%H:%M:%S", state.lost_at, absl::LocalTimeZone()),
      "; trying again.\n", frame);
}

void ShowAll(Session& session, const TopOptions& options,
             absl::Duration interval, FollowedGroups& followed,
             Cancellation& stop) {
  Display display(session);
  BacklogTrend trend;
  int shown = 0;
  do {
    const FollowedGroups::State state = followed.Now();
    if (!state.groups.complete()) continue;  // with the wait
    trend.Note(state.groups.groups(), ElapsedNow());
    if (!display.Show(Frame(state, trend, options.sort, display))) return;
    if (++shown == options.count) return;
  } while (!stop.WaitFor(shown == 0 ? absl::Milliseconds(10) : interval));
}

absl::StatusOr<ExitCode> Top(Session& session, const TopOptions& options) {
  if (session.json) {
    return absl::InvalidArgumentError(
        "top shows a table; groups --watch has JSON.");
  }
  const auto request = WatchRequest(options.interval);
  if (!request.ok()) return request.status();
  Interruption interruption;
  Cancellation& stop = interruption.cancellation();
  FollowedGroups followed(session.client, *request, stop);
  ShowAll(session, options,
          absl::Milliseconds(request->interval_milliseconds()), followed, stop);
  const absl::Status status = followed.End();
  if (!status.ok()) return status;
  return ExitCode::kDone;
}

}  // namespace

void AddTop(CLI::App& app, Action& chosen) {
  AddVerb(app, "top", "Show the worker groups as they change", chosen,
          DefineTop, Top);
}

}  // namespace holdline::client
