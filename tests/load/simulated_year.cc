// Lets a year of pipelines pass and says how fast that went. See README.md.
//
//   bazel run --config=release //tests/load:simulated_year -- [PIPELINES HOURS]

#include "server/pipeline/testing/simulated_year.h"

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "server/pipeline/model/run_fields.h"

namespace {

double Seconds() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

rusage Usage() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage;
}

// Of the processor, which others may use as well.
double BusySeconds() {
  const rusage usage = Usage();
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) /
             1e6;
}

double PeakMegabytes() { return static_cast<double>(Usage().ru_maxrss) / 1024; }

void PrintRate(const char* what, int64_t count, double busy) {
  std::printf("%12lld  %s, %.0f a second of the processor\n",
              static_cast<long long>(count), what,
              static_cast<double>(count) / busy);
}

void Print(const holdline::SimulatedYearFigures& figures, double seconds) {
  const double busy = BusySeconds();
  for (size_t i = 0; i < figures.by_status.size(); ++i) {
    if (figures.by_status[i] == 0) continue;
    const auto name = holdline::ToString(static_cast<holdline::RunStatus>(i));
    std::printf("%12lld  %s\n", static_cast<long long>(figures.by_status[i]),
                std::string(name).c_str());
  }
  PrintRate("instances", figures.instances, busy);
  PrintRate("attempts", figures.attempts, busy);
  PrintRate("events", figures.events, busy);
  PrintRate("commits", figures.commits, busy);
  std::printf("%12lld  live at most\n",
              static_cast<long long>(figures.live_max));
  std::printf("%12.0f  megabytes at most\n", PeakMegabytes());
  std::printf("%12.0f  seconds, %.0f of them of the processor\n", seconds,
              busy);
}

}  // namespace

int main(int argc, char** argv) {
  holdline::SimulatedYearOptions options;
  if (argc > 1) options.pipelines = std::atoi(argv[1]);
  if (argc > 2) options.hours = std::atoll(argv[2]);
  std::printf("%d pipelines of ten components, each hour of %lld\n",
              options.pipelines, static_cast<long long>(options.hours));
  const double begin = Seconds();
  holdline::SimulatedYear year(options);
  const absl::Status status = year.Run([&](int64_t days) {
    if (days % 30 != 0) return;
    std::printf("day %lld after %.0f seconds of the processor, %.0f MB\n",
                static_cast<long long>(days), BusySeconds(), PeakMegabytes());
    std::fflush(stdout);
  });
  Print(year.figures(), Seconds() - begin);
  std::printf("%s\n", status.ok() ? "Every instance is accounted for."
                                  : std::string(status.message()).c_str());
  return status.ok() ? 0 : 1;
}
