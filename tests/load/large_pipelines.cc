// Says how much of the processor the turns of the loop take that pipelines of
// many objects need, without their commits. See README.md.
//
//   bazel run --config=release //tests/load:large_pipelines -- [SIZE...]

#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "server/pipeline/testing/large_pipeline.h"

namespace {

// Of the processor, which others may use as well.
absl::Duration BusyTime() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return absl::DurationFromTimespec(time);
}

bool Measure(const char* name, holdline::LargeShape shape, int activities) {
  holdline::LargePipeline pipeline(shape, activities, BusyTime);
  const absl::Status status = pipeline.Run();
  for (const holdline::LargeEvent& event : pipeline.events()) {
    if (event.name == "creating" || event.name == "polling") continue;
    std::printf(
        "%-8s %7d  %-12s %8lld rows %9lld steps %9.2f ms %5lld turns, longest "
        "%8.2f ms\n",
        name, activities, event.name.c_str(),
        static_cast<long long>(event.rows), static_cast<long long>(event.work),
        absl::ToDoubleMilliseconds(event.time),
        static_cast<long long>(event.turns),
        absl::ToDoubleMilliseconds(event.time_max));
  }
  if (!status.ok()) {
    std::printf("%s\n", std::string(status.message()).c_str());
  }
  std::fflush(stdout);
  return status.ok();
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<int> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(std::atoi(argv[i]));
  if (sizes.empty()) sizes = {100, 1000, 10000};
  bool ok = true;
  for (const auto& [name, shape] :
       {std::pair("chain", holdline::LargeShape::kChain),
        std::pair("fan-out", holdline::LargeShape::kFanOut),
        std::pair("fan-in", holdline::LargeShape::kFanIn)}) {
    for (const int size : sizes) ok &= Measure(name, shape, size);
  }
  return ok ? 0 : 1;
}
