#include "server/metrics/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace holdline {
namespace {

using prometheus::MetricType;

// Where the values stand, counted from the process state, which follows the
// command's name in brackets (proc(5)).
constexpr size_t kUserTicks = 11;
constexpr size_t kSystemTicks = 12;
constexpr size_t kStartTicks = 19;
constexpr size_t kVirtualBytes = 20;
constexpr size_t kResidentPages = 21;

std::string ReadAll(const char* path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

absl::Duration FromTicks(double ticks) {
  return absl::Seconds(ticks / static_cast<double>(sysconf(_SC_CLK_TCK)));
}

void Add(std::vector<prometheus::MetricFamily>* families, const char* name,
         const char* help, MetricType type, double value) {
  prometheus::ClientMetric metric;
  if (type == MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  families->push_back({name, help, type, {std::move(metric)}});
}

// Returns seconds since 1970, or zero.
double BootTime() {
  const std::string stat = ReadAll("/proc/stat");
  for (const absl::string_view line : absl::StrSplit(stat, '\n')) {
    const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
    double seconds = 0;
    if (words.size() == 2 && words[0] == "btime" &&
        absl::SimpleAtod(words[1], &seconds)) {
      return seconds;
    }
  }
  return 0;
}

void AddStat(std::vector<prometheus::MetricFamily>* families) {
  const absl::StatusOr<ProcessStat> stat =
      ParseProcessStat(ReadAll("/proc/self/stat"));
  if (!stat.ok()) return;
  Add(families, "process_cpu_seconds_total",
      "User and system time spent, in seconds.", MetricType::Counter,
      absl::ToDoubleSeconds(stat->cpu_time));
  Add(families, "process_start_time_seconds",
      "Start time of the process since the Unix epoch, in seconds.",
      MetricType::Gauge,
      BootTime() + absl::ToDoubleSeconds(stat->started_after_boot));
  Add(families, "process_virtual_memory_bytes", "Address space in use.",
      MetricType::Gauge, stat->virtual_memory_bytes);
  Add(families, "process_resident_memory_bytes", "Memory in use.",
      MetricType::Gauge, stat->resident_memory_bytes);
}

void AddFileDescriptors(std::vector<prometheus::MetricFamily>* families) {
  std::error_code error;
  double open = 0;
  for (std::filesystem::directory_iterator entry("/proc/self/fd", error), end;
       !error && entry != end; entry.increment(error)) {
    ++open;
  }
  // The listing itself has the folder open.
  if (!error) {
    Add(families, "process_open_fds", "Open file descriptors.",
        MetricType::Gauge, open - 1);
  }
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    Add(families, "process_max_fds", "The most open file descriptors.",
        MetricType::Gauge, static_cast<double>(limit.rlim_cur));
  }
}

}  // namespace

absl::StatusOr<ProcessStat> ParseProcessStat(absl::string_view line) {
  // The name may hold blanks and brackets; nothing after it does.
  const size_t name_end = line.rfind(") ");
  if (name_end == absl::string_view::npos) {
    return absl::InvalidArgumentError("no command name");
  }
  const std::vector<absl::string_view> words =
      absl::StrSplit(line.substr(name_end + 2), ' ');
  double user, system, start, virtual_bytes, resident_pages;
  if (words.size() <= kResidentPages ||
      !absl::SimpleAtod(words[kUserTicks], &user) ||
      !absl::SimpleAtod(words[kSystemTicks], &system) ||
      !absl::SimpleAtod(words[kStartTicks], &start) ||
      !absl::SimpleAtod(words[kVirtualBytes], &virtual_bytes) ||
      !absl::SimpleAtod(words[kResidentPages], &resident_pages)) {
    return absl::InvalidArgumentError("not enough numbers");
  }
  return ProcessStat{
      .cpu_time = FromTicks(user + system),
      .started_after_boot = FromTicks(start),
      .virtual_memory_bytes = virtual_bytes,
      .resident_memory_bytes =
          resident_pages * static_cast<double>(sysconf(_SC_PAGESIZE))};
}

std::vector<prometheus::MetricFamily> ProcessMetrics::Collect() const {
  std::vector<prometheus::MetricFamily> families;
  AddStat(&families);
  AddFileDescriptors(&families);
  return families;
}

}  // namespace holdline
