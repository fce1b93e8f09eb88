#include "server/metrics/pipeline_metrics.h"

#include <string>
#include <variant>

#include "absl/strings/ascii.h"
#include "absl/time/time.h"
#include "server/metrics/families.h"
#include "server/pipeline/definition/object_family.h"
#include "server/pipeline/model/run_fields.h"

namespace holdline {
namespace {

// From a loop that is at leisure to a server that was away.
const prometheus::Histogram::BucketBoundaries kLagSeconds = {
    0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 14400, 86400};

// As the label says it; instances have no others.
constexpr const char* kFamilyNames[] = {"activity", "data_node", "resource",
                                        "precondition"};

static_assert(static_cast<int>(ObjectFamily::kActivity) == 1 &&
              static_cast<int>(ObjectFamily::kPrecondition) == 4);

size_t IndexOf(ObjectFamily family) {
  return static_cast<size_t>(family) -
         static_cast<size_t>(ObjectFamily::kActivity);
}

}  // namespace

PipelineMetrics::PipelineMetrics(prometheus::Registry* registry)
    : attempts_failed_(
          AddCounters(registry, "holdline_pipeline_attempts_failed_total",
                      "Failed attempts of pipeline runs.", "family",
                      {"activity", "data_node", "resource", "precondition"})),
      lag_(AddHistogram(
          registry, "holdline_pipeline_schedule_lag_seconds",
          "Time from when an interval was due to the creation of its run.",
          kLagSeconds)) {
  auto& family = prometheus::BuildCounter()
                     .Name("holdline_pipeline_runs_total")
                     .Help("Runs that entered a status.")
                     .Register(*registry);
  for (int i = 0; i < kFamilies; ++i) {
    for (int status = 0; status < kStatuses; ++status) {
      const absl::string_view name = ToString(static_cast<RunStatus>(status));
      runs_[i][status] = &family.Add({{"family", kFamilyNames[i]},
                                      {"status", absl::AsciiStrToLower(name)}});
    }
  }
}

struct PipelineMetrics::Count {
  void operator()(const PipelineChanged&) const {}
  void operator()(const RunChanged& fact) const {
    const auto status = static_cast<size_t>(fact.status);
    metrics.runs_[IndexOf(fact.component.family)][status]->Increment();
    if (fact.lag.has_value()) {
      metrics.lag_.Observe(absl::ToDoubleSeconds(*fact.lag));
    }
  }
  void operator()(const RunAttemptFailed& fact) const {
    metrics.attempts_failed_[IndexOf(fact.component.family)]->Increment();
  }

  PipelineMetrics& metrics;
};

void PipelineMetrics::Committed(absl::Span<const PipelineFact> facts) {
  for (const PipelineFact& fact : facts) std::visit(Count{*this}, fact);
}

}  // namespace holdline
