#include "tests/load/cascades.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "google/protobuf/empty.pb.h"
#include "tests/load/parked_polls.h"
#include "tests/load/pipeline_calls.h"

namespace holdline::load {
namespace {

constexpr char kGroup[] = "cascades";
constexpr int kWakesAtATime = 10;

// The objects that are no activities of the chain.
constexpr int kOtherObjects = 2;

std::string Name(int number) { return absl::StrCat("Step", number); }

v1::PipelineObject* AddStep(const std::string& id,
                            v1::PutPipelineDefinitionInput* put) {
  v1::PipelineObject* const step = AddObject(id, put);
  AddField(step, "type", "ShellCommandActivity");
  AddField(step, "command", "true");
  return step;
}

v1::PutPipelineDefinitionInput Chain(int activities) {
  v1::PutPipelineDefinitionInput put;
  v1::PipelineObject* const defaults = AddObject("Default", &put);
  AddField(defaults, "scheduleType", "ondemand");
  AddField(defaults, "failureAndRerunMode", "cascade");
  AddField(defaults, "maximumRetries", "0");
  AddField(defaults, "workerGroup", kGroup);
  // For whom nobody polls, so that the pipeline does not finish.
  AddField(AddStep("Rest", &put), "workerGroup", "rest");
  for (int i = 0; i < activities; ++i) {
    v1::PipelineObject* const step = AddStep(Name(i), &put);
    if (i > 0) AddReference(step, "dependsOn", Name(i - 1));
  }
  return put;
}

// Fails a chain and runs it again, in a thread of its own.
class Cascades {
 public:
  Cascades(const std::string& address, const CascadesShape& shape)
      : shape_(shape), calls_(address) {}
  ~Cascades() { End().IgnoreError(); }

  absl::Status Begin() {
    absl::Status status = calls_.Make("cascades", Chain(shape_.activities));
    if (status.ok()) status = calls_.Activate();
    if (status.ok()) thread_ = std::thread([this] { Go(); });
    return status;
  }

  absl::Status End() {
    ended_ = true;
    if (thread_.joinable()) thread_.join();
    return status_;
  }

  // How long each call took that failed the chain. REQUIRES: End was called.
  const std::vector<absl::Duration>& failing() const { return failing_; }

 private:
  void Go() {
    do {
      const absl::Time start = absl::Now();
      status_ = FailAndRerun();
      absl::SleepFor(start + shape_.interval - absl::Now());
    } while (status_.ok() && !ended_);
  }

  absl::Status FailAndRerun() {
    v1::PollForTaskInput poll;
    poll.set_worker_group(kGroup);
    v1::PollForTaskOutput polled;
    absl::Status status =
        calls_.Call(&v1::DataPipeline::Stub::PollForTask, poll, &polled);
    if (!status.ok()) return status;
    v1::SetTaskStatusInput failed;
    failed.set_task_id(polled.task_object().task_id());
    failed.set_task_status(v1::SetTaskStatusInput::FAILED);
    v1::SetTaskStatusOutput stored;
    const absl::Time start = absl::Now();
    status =
        calls_.Call(&v1::DataPipeline::Stub::SetTaskStatus, failed, &stored);
    if (!status.ok()) return status;
    failing_.push_back(absl::Now() - start);
    return Rerun(polled.task_object().attempt_id());
  }

  // Of an attempt's instance. All that has failed with it is run again, too.
  absl::Status Rerun(const std::string& attempt) {
    v1::SetStatusInput again;
    again.set_pipeline_id(calls_.id());
    again.add_object_ids(attempt.substr(0, attempt.rfind("_Attempt=")));
    again.set_status("RERUN");
    google::protobuf::Empty done;
    return calls_.Call(&v1::DataPipeline::Stub::SetStatus, again, &done);
  }

  const CascadesShape shape_;
  PipelineCalls calls_;
  std::atomic<bool> ended_{false};
  absl::Status status_;
  std::vector<absl::Duration> failing_;
  std::thread thread_;
};

absl::StatusOr<Latency> MeasureWakes(int wakes, ParkedPolls* polls) {
  std::vector<absl::Duration> samples;
  for (int i = 0; i < wakes; i += kWakesAtATime) {
    const absl::Status status = polls->Wake(kWakesAtATime, &samples);
    if (!status.ok()) return status;
  }
  return LatencyOf(samples);
}

}  // namespace

absl::StatusOr<CascadesFigures> MeasureCascades(const Places& places,
                                                const CascadesShape& shape) {
  const auto server = StartServer(
      places, Subject::kBroker, RawPoll::kHeld,
      {"--objects-max", absl::StrCat(shape.activities + kOtherObjects)});
  if (!server.ok()) return server.status();
  const auto polls = ParkedPolls::Connect((*server)->address(), 1);
  if (!polls.ok()) return polls.status();
  (*polls)->Park(1);
  absl::Status status = (*polls)->Settle(**server);
  if (!status.ok()) return status;
  const auto at_rest = MeasureWakes(shape.wakes, polls->get());
  if (!at_rest.ok()) return at_rest.status();
  Cascades cascades((*server)->address(), shape);
  status = cascades.Begin();
  if (!status.ok()) return status;
  const auto meanwhile = MeasureWakes(shape.wakes, polls->get());
  status = cascades.End();
  if (!meanwhile.ok()) return meanwhile.status();
  if (!status.ok()) return status;
  return CascadesFigures{*at_rest, *meanwhile, LatencyOf(cascades.failing())};
}

}  // namespace holdline::load
