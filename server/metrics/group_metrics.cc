#include "server/metrics/group_metrics.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "server/base/steady_time.h"

namespace holdline {
namespace {

// A gauge of each group, and what it shows of a row.
struct GroupGauge {
  const char* name;
  const char* help;
  double (*value)(const GroupRow& row);
};

constexpr GroupGauge kGauges[] = {
    {"holdline_tasks_ready", "Ready tasks.",
     [](const GroupRow& row) -> double { return row.ready; }},
    {"holdline_tasks_delayed", "Delayed tasks.",
     [](const GroupRow& row) -> double { return row.delayed; }},
    {"holdline_oldest_ready_age_seconds", "Age of the oldest ready task.",
     [](const GroupRow& row) { return absl::ToDoubleSeconds(row.oldest_age); }},
    {"holdline_leases_active", "Leased tasks.",
     [](const GroupRow& row) -> double { return row.leased; }},
    {"holdline_polls_parked", "Polls held open.",
     [](const GroupRow& row) -> double { return row.parked; }},
    {"holdline_groups_paused",
     "1 if the group is paused: no tasks are handed out.",
     [](const GroupRow& row) -> double { return row.paused; }},
    {"holdline_groups_draining",
     "1 if the group is draining: no submissions are accepted.",
     [](const GroupRow& row) -> double { return row.draining; }},
};

prometheus::ClientMetric Gauge(double value) {
  prometheus::ClientMetric metric;
  metric.gauge.value = value;
  return metric;
}

prometheus::MetricFamily Family(std::string name, std::string help) {
  return {std::move(name), std::move(help), prometheus::MetricType::Gauge, {}};
}

prometheus::MetricFamily Single(std::string name, std::string help,
                                double value) {
  prometheus::MetricFamily family = Family(std::move(name), std::move(help));
  family.metric.push_back(Gauge(value));
  return family;
}

prometheus::MetricFamily ByGroup(const GroupGauge& gauge,
                                 const GroupTable& table) {
  prometheus::MetricFamily family = Family(gauge.name, gauge.help);
  for (const auto& [group, row] : table.rows()) {
    family.metric.push_back(Gauge(gauge.value(row)));
    family.metric.back().label = {{"account", group.account.value},
                                  {"group", group.name}};
  }
  return family;
}

}  // namespace

GroupMetrics::GroupMetrics(AskEngine ask, int groups_max,
                           absl::Duration patience,
                           std::function<absl::Time()> clock)
    : ask_(std::move(ask)),
      patience_(patience),
      clock_(std::move(clock)),
      table_(groups_max) {}

std::vector<prometheus::MetricFamily> GroupMetrics::Collect() const {
  absl::MutexLock lock(&mutex_);
  const absl::Time now = clock_();
  int64_t live = 0;
  int64_t groups = 0;
  table_.BeginCount();
  const absl::Status status =
      ForEachGroup(ask_, SteadyNow() + patience_, [&](const GroupView& group) {
        mutex_.AssertHeld();
        table_.Add(group, now);
        live += group.ready_tasks + group.delayed_tasks + group.leased_tasks;
        ++groups;
      });
  table_.EndCount();

  std::vector<prometheus::MetricFamily> families = {
      Single("holdline_engine_responsive",
             "1 if the event loop answered this scrape in time, otherwise 0.",
             status.ok() ? 1 : 0)};
  if (!status.ok()) return families;
  families.push_back(
      Single("holdline_tasks_live", "Tasks that have not ended.", live));
  families.push_back(Single("holdline_groups",
                            "Worker groups with tasks, polls or settings.",
                            groups));
  for (const GroupGauge& gauge : kGauges) {
    families.push_back(ByGroup(gauge, table_));
  }
  return families;
}

}  // namespace holdline
