// The server's log: one line per event, on standard error.

#ifndef HOLDLINE_SERVER_LOG_LOG_H_
#define HOLDLINE_SERVER_LOG_LOG_H_

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <thread>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/base/steady_notification.h"
#include "server/log/line.h"
#include "server/log/throttle.h"

namespace holdline {

struct LogOptions {
  LogFormat format = LogFormat::kText;

  // Events below are not written, unless SetLevel says otherwise.
  LogLevel level = LogLevel::kInfo;

  // Whether the server writes the audit log (audit.h).
  bool audit = true;

  // The most lines in the queue; beyond, the oldest are dropped.
  int queue_max = 4096;

  // The most similar lines in a second.
  int similar_per_second_max = 20;
};

// Thread-safe. Writing never blocks on the stream: a thread writes, and another
// one collects throttled events.
class Log {
 public:
  // The stream is not owned, must outlive this, and has no unflushed bytes.
  explicit Log(const LogOptions& options, std::FILE* stream = stderr,
               std::function<absl::Time()> clock = absl::Now);

  // Waits until everything is written, or nobody has read for a second.
  ~Log();

  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  // Whether events of the level are written: for those who would have to build
  // many.
  bool Wants(LogLevel level) const { return level >= level_; }

  // From now on events below are not written.
  void SetLevel(LogLevel level) { level_ = level; }

  // Writes the event, unless its level is too low.
  void Write(const LogEvent& event);

  // Writes an event that may be frequent: of the same `kind`, at most
  // `similar_per_second_max` in a second, the last of which says so. Of the
  // rest, the latest is written at the end of the second, with the number of
  // the others as `suppressed`.
  void WriteThrottled(absl::string_view kind, LogEvent event);

  // The number of lines dropped since the start. The log reports it with the
  // event `log_lines_dropped`.
  int64_t dropped() const;

 private:
  class Writer;

  // Writes the events that the throttle collected, each second until the end.
  void KeepCollecting();
  void Collect(absl::Time until);

  void WriteAt(absl::Time now, const LogEvent& event);

  const LogOptions options_;
  std::atomic<LogLevel> level_;
  const std::function<absl::Time()> clock_;
  const std::unique_ptr<Writer> writer_;
  Throttle throttle_;
  std::atomic<int64_t> dropped_told_ = 0;
  SteadyNotification ending_;
  std::thread collector_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_LOG_LOG_H_
