#include "server/log/log.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "server/base/bounded_write.h"
#include "server/base/steady_time.h"
#include "spdlog/async_logger.h"
#include "spdlog/details/null_mutex.h"
#include "spdlog/details/thread_pool.h"
#include "spdlog/sinks/base_sink.h"

namespace holdline {
namespace {

// How often what was throttled is collected.
constexpr absl::Duration kCollectPeriod = absl::Seconds(1);

// How often a stream without a reader is looked at, and how long one that has
// none is waited for at the end.
constexpr absl::Duration kLookPeriod = absl::Milliseconds(100);
constexpr absl::Duration kLastPatience = absl::Seconds(1);

// Writes finished lines, each in one piece so that it stays whole beside what
// others write to the same stream.
class LineSink : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit LineSink(std::FILE* stream) : descriptor_(fileno(stream)) {}

  // From now on lines for which there is no room are left out. On any thread.
  void Close() { closing_ = true; }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    std::string line(message.payload.data(), message.payload.size());
    line += '\n';
    absl::string_view rest = line;
    while (!rest.empty() && !given_up_) {
      const bool last = closing_;
      const size_t before = rest.size();
      const bool open =
          WriteSome(descriptor_, &rest, last ? kLastPatience : kLookPeriod);
      if (!open) return;
      given_up_ = last && rest.size() == before;
    }
  }

  void flush_() override {}

  const int descriptor_;
  std::atomic<bool> closing_ = false;
  bool given_up_ = false;  // used by the writing thread only
};

}  // namespace

// The queue and the thread that empties it into the stream.
class Log::Writer {
 public:
  Writer(int queue_max, std::FILE* stream)
      : pool_(std::make_shared<spdlog::details::thread_pool>(queue_max, 1)),
        sink_(std::make_shared<LineSink>(stream)),
        logger_(std::make_shared<spdlog::async_logger>(
            "", sink_, pool_, spdlog::async_overflow_policy::overrun_oldest)) {}

  // Waits for the thread.
  ~Writer() { sink_->Close(); }

  void Write(const std::string& line) {
    logger_->log(spdlog::level::info, spdlog::string_view_t(line));
  }

  int64_t dropped() const { return pool_->overrun_counter(); }

 private:
  const std::shared_ptr<spdlog::details::thread_pool> pool_;
  const std::shared_ptr<LineSink> sink_;
  const std::shared_ptr<spdlog::async_logger> logger_;
};

Log::Log(const LogOptions& options, std::FILE* stream,
         std::function<absl::Time()> clock)
    : options_(options),
      level_(options.level),
      clock_(std::move(clock)),
      writer_(std::make_unique<Writer>(options.queue_max, stream)),
      throttle_(options.similar_per_second_max),
      collector_([this] { KeepCollecting(); }) {}

Log::~Log() {
  ending_.Notify();
  collector_.join();
  Collect(absl::InfiniteFuture());
}

void Log::KeepCollecting() {
  while (!ending_.WaitUntil(SteadyNow() + kCollectPeriod)) {
    Collect(clock_());
  }
}

void Log::Collect(absl::Time until) {
  for (const LogEvent& event : throttle_.Collect(until)) {
    WriteAt(clock_(), event);
  }
}

void Log::Write(const LogEvent& event) {
  if (Wants(event.level)) WriteAt(clock_(), event);
}

void Log::WriteThrottled(absl::string_view kind, LogEvent event) {
  if (!Wants(event.level)) return;
  const absl::Time now = clock_();
  const Throttle::Verdict verdict = throttle_.Admit(kind, now, event);
  if (verdict == Throttle::Verdict::kLeaveOut) return;
  if (verdict == Throttle::Verdict::kWriteAsLast) {
    event.fields.push_back({"more", "counted until the second is over"});
  }
  WriteAt(now, event);
}

void Log::WriteAt(absl::Time now, const LogEvent& event) {
  const int64_t dropped = writer_->dropped();
  if (dropped_told_.exchange(dropped) < dropped) {
    writer_->Write(RenderLine(
        options_.format, now,
        {LogLevel::kWarning, "log_lines_dropped", {{"total", dropped}}}));
  }
  writer_->Write(RenderLine(options_.format, now, event));
}

int64_t Log::dropped() const { return writer_->dropped(); }

}  // namespace holdline
