// What the stores cost, without a server around them.
//
//   bazel run --config=release //server/store/testing:store_benchmark
//
// The directory is made in $TMPDIR or /tmp: on a real disk each commit waits
// for it, and the CPU time is what counts.

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "benchmark/benchmark.h"
#include "server/store/memory/memory_store.h"
#include "server/store/sqlite/sqlite_store.h"
#include "server/store/testing/pipeline_samples.h"
#include "server/store/testing/store_samples.h"

namespace holdline {
namespace {

constexpr uint64_t kBatch = 30;
const char kPayload = 'x';

// A directory that is removed at the end.
class Scratch {
 public:
  Scratch()
      : path_(std::filesystem::temp_directory_path() / "holdline-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) std::abort();
  }
  ~Scratch() { std::filesystem::remove_all(path_); }

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::unique_ptr<SqliteStore> OpenSqlite(const Scratch& scratch) {
  auto store = SqliteStore::Open(scratch.path());
  if (!store.ok()) std::abort();
  return *std::move(store);
}

// Tasks that are submitted and leased in one batch and finished in the next.
class LifeCycles {
 public:
  explicit LifeCycles(size_t payload_bytes) {
    for (uint64_t i = 0; i < kBatch; ++i) {
      Task task = SampleTask(1);
      LeaseTask(task, 1);
      AddNew(task, std::string(payload_bytes, kPayload), leased_);
      EndTask(task, Phase::kFinished, SampleTime(0));
      AddChanged(task, finished_);
    }
  }

  bool Run(Diary& diary) {
    Renumber(leased_);
    Renumber(finished_);
    next_ += kBatch;
    return diary.Commit(leased_, PipelineBatch()).ok() &&
           diary.Commit(finished_, PipelineBatch()).ok();
  }

 private:
  void Renumber(Batch& batch) {
    for (size_t i = 0; i < batch.new_tasks.size(); ++i) {
      batch.new_tasks[i].id = TaskId{next_ + i};
    }
    for (size_t i = 0; i < batch.changed_tasks.size(); ++i) {
      ChangedTask& task = batch.changed_tasks[i];
      task.id = TaskId{next_ + i};
      task.state.lease.id = LeaseId{next_ + i};
      if (IsFinal(task.state.phase)) {
        task.state.ended_at = SampleTime(static_cast<int64_t>(next_));
      }
    }
    batch.counters = {.next_lease = LeaseId{next_ + kBatch}};
  }

  uint64_t next_ = 1;
  Batch leased_;
  Batch finished_;
};

void RunLifeCycles(benchmark::State& state, Diary& diary) {
  LifeCycles cycles(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    if (!cycles.Run(diary)) state.SkipWithError("commit failed");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kBatch));
  state.counters["cpu_per_cycle"] = benchmark::Counter(
      static_cast<double>(state.iterations() * kBatch),
      benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void SqliteLifeCycles(benchmark::State& state) {
  Scratch scratch;
  const auto store = OpenSqlite(scratch);
  RunLifeCycles(state, store->diary());
}
BENCHMARK(SqliteLifeCycles)->Arg(100)->Arg(1024)->MinTime(2);

void MemoryLifeCycles(benchmark::State& state) {
  MemoryStore store;
  RunLifeCycles(state, store.diary());
}
BENCHMARK(MemoryLifeCycles)->Arg(1024);

// Shows the usual and the longest of these times.
void ShowTail(std::vector<double> seconds, benchmark::State& state) {
  std::sort(seconds.begin(), seconds.end());
  const auto at = [&](double part) {
    return seconds[static_cast<size_t>(
        part * static_cast<double>(seconds.size() - 1))];
  };
  state.counters["p50"] = at(0.5);
  state.counters["p99"] = at(0.99);
  state.counters["max"] = at(1);
}

// The longest of many commits: what an automatic checkpoint costs those who
// wait for it.
void SqliteCommitTail(benchmark::State& state) {
  Scratch scratch;
  auto store = OpenSqlite(scratch);
  LifeCycles cycles(1024);
  std::vector<double> seconds;
  for (auto _ : state) {
    const absl::Time start = absl::Now();
    if (!cycles.Run(store->diary())) state.SkipWithError("commit failed");
    seconds.push_back(absl::ToDoubleSeconds(absl::Now() - start));
  }
  ShowTail(std::move(seconds), state);
}
BENCHMARK(SqliteCommitTail)->MinTime(5)->UseRealTime();

// The steps in which the room of so many ended tasks is given back.
void SqliteShrink(benchmark::State& state) {
  Scratch scratch;
  auto store = OpenSqlite(scratch);
  LifeCycles cycles(300);
  for (uint64_t made = 0; made < static_cast<uint64_t>(state.range(0));
       made += kBatch) {
    cycles.Run(store->diary());
  }
  while (*store->diary().Trim({.tasks = SampleTime(INT32_MAX)}, 500) == 500)
    continue;
  std::vector<double> seconds;
  StoreSpace space{.bytes = 0, .free_bytes = 0, .shrinks = true};
  for (auto _ : state) {
    while (space.shrinks) {
      const absl::Time start = absl::Now();
      space = *store->diary().Shrink();
      seconds.push_back(absl::ToDoubleSeconds(absl::Now() - start));
    }
  }
  state.counters["steps"] = static_cast<double>(seconds.size());
  ShowTail(std::move(seconds), state);
}
BENCHMARK(SqliteShrink)->Arg(200000)->Iterations(1)->UseRealTime();

// A restart with this many live tasks behind ten times as many ended ones.
void SqliteLoad(benchmark::State& state) {
  Scratch scratch;
  auto store = OpenSqlite(scratch);
  const auto live = static_cast<uint64_t>(state.range(0));
  Batch batch;
  for (uint64_t id = 1; id <= live * 11; ++id) {
    Task task = SampleTask(id);
    if (id % 11 != 0) EndTask(task, Phase::kFinished, SampleTime(0));
    AddNew(task, std::string(100, kPayload), batch);
  }
  if (!store->diary().Commit(batch, PipelineBatch()).ok()) std::abort();
  for (auto _ : state) benchmark::DoNotOptimize(store->diary().Load());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(SqliteLoad)->Arg(10000)->Unit(benchmark::kMillisecond);

void SqliteReadPayload(benchmark::State& state) {
  Scratch scratch;
  auto store = OpenSqlite(scratch);
  LifeCycles cycles(1024);
  for (int i = 0; i < 1000; ++i) cycles.Run(store->diary());
  uint64_t id = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        store->diary().ReadPayload(TaskId{1 + id++ % 30000}));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(SqliteReadPayload);

void SqliteListBehindNoise(benchmark::State& state) {
  Scratch scratch;
  auto store = OpenSqlite(scratch);
  LifeCycles cycles(100);
  for (int i = 0; i < 1000; ++i) cycles.Run(store->diary());
  TaskFilter filter;
  filter.account = {"000000000000"};
  filter.worker_group = "nobody";
  const auto archive = store->OpenArchive();
  for (auto _ : state) benchmark::DoNotOptimize(archive->List(filter));
}
BENCHMARK(SqliteListBehindNoise)->Unit(benchmark::kMillisecond);

// Instances of a pipeline with one attempt each: made and handed out in one
// batch, running in the next, ended in the third.
class Runs {
 public:
  // Stores the pipeline.
  explicit Runs(Diary& diary) : diary_(diary) {
    PipelineBatch batch;
    batch.pipelines = {SamplePipeline(1)};
    if (!diary_.Commit({}, batch).ok()) std::abort();
  }

  bool Run() {
    PipelineBatch batch;
    for (uint64_t i = 0; i < kBatch; ++i) {
      const InstanceKey key =
          SampleKey(1, hour_ + static_cast<int64_t>(i / 10), 1 + i % 10);
      batch.instances.push_back(SampleInstance(key));
      batch.instances.back().status = RunStatus::kWaitingForRunner;
      batch.attempts.push_back(SampleRun(key, 1));
    }
    hour_ += kBatch / 10;
    if (!diary_.Commit({}, batch).ok()) return false;
    for (Instance& instance : batch.instances) {
      instance.status = RunStatus::kRunning;
    }
    if (!diary_.Commit({}, batch).ok()) return false;
    for (uint64_t i = 0; i < kBatch; ++i) {
      const absl::Time at = batch.instances[i].end;
      EndInstance(batch.instances[i], RunStatus::kFinished, at);
      EndRun(batch.attempts[i], RunStatus::kFinished, at);
    }
    return diary_.Commit({}, batch).ok();
  }

  // When the last of them started.
  absl::Time last() const { return SampleKey(1, hour_ - 1, 1).start; }

 private:
  Diary& diary_;
  int64_t hour_ = 0;
};

void SqliteRuns(benchmark::State& state) {
  Scratch scratch;
  auto store = OpenSqlite(scratch);
  Runs runs(store->diary());
  for (auto _ : state) {
    if (!runs.Run()) state.SkipWithError("commit failed");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kBatch));
  state.counters["instance_writes"] =
      benchmark::Counter(static_cast<double>(3 * state.iterations() * kBatch),
                         benchmark::Counter::kIsRate);
}
BENCHMARK(SqliteRuns)->MinTime(2);

// The first page of what was made in the last so many days, among so many
// instances: what `aws datapipeline list-runs` asks, with four days.
void SqliteListLatestRuns(benchmark::State& state) {
  Scratch scratch;
  auto store = OpenSqlite(scratch);
  Runs runs(store->diary());
  for (int64_t made = 0; made < state.range(0); made += kBatch) runs.Run();
  RunFilter filter;
  filter.pipeline = PipelineNumber{1};
  filter.created.from = runs.last() - absl::Hours(24 * state.range(1));
  const auto archive = store->OpenArchive();
  size_t found = 0;
  for (auto _ : state) {
    found = archive->ListInstances(filter, std::nullopt, 100)->instances.size();
  }
  if (found != 100) state.SkipWithError("not found");
}
BENCHMARK(SqliteListLatestRuns)
    ->Args({10000, 4})
    ->Args({300000, 4})
    ->Args({300000, 160})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace holdline

BENCHMARK_MAIN();
