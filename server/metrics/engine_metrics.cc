#include "server/metrics/engine_metrics.h"

#include <variant>

#include "absl/time/time.h"
#include "server/broker/task.h"
#include "server/broker/update.h"
#include "server/metrics/families.h"

namespace holdline {
namespace {

using Buckets = prometheus::Histogram::BucketBoundaries;

// From a task's readiness to a runner: from a parked poll to a long backlog.
const Buckets kWaitSeconds = {0.001, 0.005, 0.01,  0.05, 0.1, 0.5,
                              1,     5,     10,    30,   60,  300,
                              900,   3600,  14400, 86400};

// The acknowledgement is due after two minutes by default.
const Buckets kAcknowledgeSeconds = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5,
                                     1,     5,     15,   30,   60,  120};

const Buckets kCommitSeconds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                0.01,   0.025,   0.05,   0.1,   0.25,   0.5,
                                1,      2.5,     5,      10};

const Buckets kCommands = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096};

const Buckets kInboxDepths = {0, 1, 10, 100, 1000, 10000, 100000};

enum Ending { kFinished, kFailed, kFalse, kCanceled };

void Observe(prometheus::Histogram& histogram, absl::Duration duration) {
  histogram.Observe(absl::ToDoubleSeconds(duration));
}

}  // namespace

EngineMetrics::EngineMetrics(prometheus::Registry* registry)
    : submitted_(AddCounter(registry, "holdline_tasks_submitted_total",
                            "Tasks submitted.")),
      handed_out_(AddCounter(registry, "holdline_tasks_leased_total",
                             "Leases granted, redeliveries included.")),
      retried_(AddCounter(
          registry, "holdline_tasks_retried_total",
          "Failed or cancelled tasks that were retried by an operator.")),
      ended_(AddCounters(registry, "holdline_tasks_ended_total",
                         "Tasks that reached a final state, by state.", "state",
                         {"finished", "failed", "false", "canceled"})),
      redeliveries_(AddCounters(
          registry, "holdline_redeliveries_total",
          "Leases that ended with the same attempt ready again, by reason.",
          "reason", {"undelivered", "unacknowledged", "released"})),
      attempt_failures_(AddCounters(registry, "holdline_attempt_failures_total",
                                    "Attempts that failed, by cause.", "cause",
                                    {"reported", "false", "progress_timeout",
                                     "attempt_timeout", "permanent"})),
      store_errors_(
          AddCounter(registry, "holdline_store_errors_total", "Store errors.")),
      store_up_(AddGauge(registry, "holdline_store_up",
                         "1 if the store is available, otherwise 0.")),
      store_bytes_(AddGauge(registry, "holdline_store_bytes",
                            "The size of the database.")),
      store_free_bytes_(AddGauge(registry, "holdline_store_free_bytes",
                                 "The size of free pages in the database.")),
      wait_(AddHistogram(registry, "holdline_task_wait_seconds",
                         "Time from ready to leased.", kWaitSeconds)),
      acknowledge_(AddHistogram(registry, "holdline_lease_acknowledge_seconds",
                                "Time from leased to the first report.",
                                kAcknowledgeSeconds)),
      commit_(AddHistogram(registry, "holdline_commit_seconds",
                           "Duration of a commit.", kCommitSeconds)),
      batch_commands_(AddHistogram(registry, "holdline_batch_commands",
                                   "Commands per commit.", kCommands)),
      inbox_depth_(AddHistogram(registry, "holdline_inbox_depth",
                                "Commands queued after each commit.",
                                kInboxDepths)) {
  store_up_.Set(1);
}

struct EngineMetrics::Count {
  void operator()(const TaskSubmitted&) const {
    metrics.submitted_.Increment();
  }
  void operator()(const TaskLeased&) const { metrics.handed_out_.Increment(); }
  void operator()(const ProgressReported&) const {}
  void operator()(const LeaseReturned& fact) const {
    metrics.redeliveries_[static_cast<size_t>(fact.reason)]->Increment();
  }
  void operator()(const AttemptFailed& fact) const {
    metrics.attempt_failures_[static_cast<size_t>(fact.cause)]->Increment();
    if (fact.retry_at == absl::InfiniteFuture()) {
      const bool is_false = fact.cause == FailureCause::kFalse;
      metrics.ended_[is_false ? kFalse : kFailed]->Increment();
    }
  }
  void operator()(const TaskFinished&) const {
    metrics.ended_[kFinished]->Increment();
  }
  void operator()(const TaskCanceled&) const {
    metrics.ended_[kCanceled]->Increment();
  }
  void operator()(const TaskRetried&) const { metrics.retried_.Increment(); }
  void operator()(const DelayEnded&) const {}
  void operator()(const GroupChanged&) const {}
  void operator()(const RunnerChanged&) const {}
  void operator()(const RunnerForgotten&) const {}
  void operator()(const RequestRemembered&) const {}
  void operator()(const RequestForgotten&) const {}

  EngineMetrics& metrics;
};

// A change leaves a task leased only by a hand-out or by a report, and only the
// first report is also the last. A runner that ends a task without any report
// has shown its first sign of life with that.
void EngineMetrics::Measure(const TaskState& state) {
  const Lease& lease = state.lease;
  if (state.phase == Phase::kLeased && !lease.acknowledged()) {
    Observe(wait_, lease.handed_out_at - state.ready_at);
  } else if (state.phase == Phase::kLeased &&
             lease.acknowledged_at == lease.reported_at) {
    Observe(acknowledge_, lease.acknowledged_at - lease.handed_out_at);
  } else if (state.phase == Phase::kFinished && !lease.acknowledged()) {
    Observe(acknowledge_, state.ended_at - lease.handed_out_at);
  }
}

void EngineMetrics::Committed(const Batch& batch, const TurnFacts& facts) {
  for (const Update& update : batch.updates) std::visit(Count{*this}, update);
  for (const ChangedTask& task : batch.changed_tasks) Measure(task.state);
  Observe(commit_, facts.commit_time);
  batch_commands_.Observe(facts.commands);
  inbox_depth_.Observe(facts.inbox_depth);
}

void EngineMetrics::Space(const StoreSpace& space) {
  store_bytes_.Set(static_cast<double>(space.bytes));
  store_free_bytes_.Set(static_cast<double>(space.free_bytes));
}

void EngineMetrics::StoreStatus(bool serves) {
  store_up_.Set(serves ? 1 : 0);
  if (!serves) store_errors_.Increment();
}

}  // namespace holdline
