#include "tests/load/backfill.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "tests/load/parked_polls.h"
#include "tests/load/pipeline_calls.h"

namespace holdline::load {
namespace {

constexpr absl::Duration kBackfillTimeMax = absl::Minutes(2);

// How many polls are woken between two looks at whether the backfill is over.
constexpr int kWakesBetweenLooks = 10;

constexpr absl::CivilMinute kFirstInterval(2020, 1, 1);
constexpr int kPeriodMinutes = 15;

std::string Step(int number) { return absl::StrCat("Step", number); }
std::string Node(int number) { return absl::StrCat("Node", number); }

void AddDefaults(int intervals, v1::PutPipelineDefinitionInput* put) {
  v1::PipelineObject* const defaults = AddObject("Default", put);
  AddField(defaults, "scheduleType", "cron");
  AddReference(defaults, "schedule", "Schedule");
  AddField(defaults, "workerGroup", "backfill");
  v1::PipelineObject* const schedule = AddObject("Schedule", put);
  AddField(schedule, "type", "Schedule");
  AddField(schedule, "period", absl::StrCat(kPeriodMinutes, " minutes"));
  AddField(schedule, "startDateTime",
           absl::FormatCivilTime(absl::CivilSecond(kFirstInterval)));
  AddField(schedule, "occurrences", absl::StrCat(intervals));
}

void AddStep(int number, v1::PutPipelineDefinitionInput* put) {
  v1::PipelineObject* const node = AddObject(Node(number), put);
  AddField(node, "type", "S3DataNode");
  AddField(node, "filePath",
           "s3://bucket/#{format(@scheduledStartTime,"
           "'YYYY-MM-dd-HH-mm')}");
  v1::PipelineObject* const step = AddObject(Step(number), put);
  AddField(step, "type", "ShellCommandActivity");
  AddField(step, "command", "true");
  AddReference(step, "input", Node(number));
  if (number + 1 < kBackfillComponents / 2) {
    AddReference(step, "output", Node(number + 1));
  }
}

// Steps, each of which reads what the one before has written.
v1::PutPipelineDefinitionInput DefinitionOf(int intervals) {
  v1::PutPipelineDefinitionInput put;
  AddDefaults(intervals, &put);
  for (int i = 0; i < kBackfillComponents / 2; ++i) AddStep(i, &put);
  return put;
}

// Returns whether all instances are there.
absl::StatusOr<bool> IsComplete(int intervals, PipelineCalls* pipeline) {
  v1::DescribeObjectsInput describe;
  describe.set_pipeline_id(pipeline->id());
  const std::string start = absl::FormatCivilTime(
      absl::CivilSecond(kFirstInterval + kPeriodMinutes * (intervals - 1)));
  for (int i = 0; i < kBackfillComponents / 2; ++i) {
    describe.add_object_ids(absl::StrCat("@", Node(i), "_", start));
    describe.add_object_ids(absl::StrCat("@", Step(i), "_", start));
  }
  v1::DescribeObjectsOutput answer;
  const absl::Status status = pipeline->Call(
      &v1::DataPipeline::Stub::DescribeObjects, describe, &answer);
  // It names those that are not known.
  if (absl::IsInvalidArgument(status)) return false;
  if (!status.ok()) return status;
  return true;
}

// Wakes a poll again and again until the backfill is over.
absl::StatusOr<BackfillFigures> WakeMeanwhile(PipelineCalls* pipeline,
                                              int intervals,
                                              ParkedPolls* polls) {
  std::vector<absl::Duration> samples;
  const absl::Time start = absl::Now();
  absl::StatusOr<bool> complete = false;
  while (complete.ok() && !*complete) {
    if (absl::Now() > start + kBackfillTimeMax) {
      return absl::DeadlineExceededError("the backfill does not end");
    }
    const absl::Status status = polls->Wake(kWakesBetweenLooks, &samples);
    if (!status.ok()) return status;
    complete = IsComplete(intervals, pipeline);
  }
  if (!complete.ok()) return complete.status();
  BackfillFigures figures;
  figures.meanwhile = LatencyOf(samples);
  figures.instances_per_second = intervals * kBackfillComponents /
                                 absl::ToDoubleSeconds(absl::Now() - start);
  return figures;
}

}  // namespace

absl::StatusOr<BackfillFigures> MeasureBackfill(const Places& places,
                                                const BackfillShape& shape) {
  const auto server = StartServer(places, Subject::kBroker, RawPoll::kHeld);
  if (!server.ok()) return server.status();
  const auto polls = ParkedPolls::Connect((*server)->address(), 1);
  if (!polls.ok()) return polls.status();
  PipelineCalls pipeline((*server)->address());
  absl::Status status =
      pipeline.Make("backfill", DefinitionOf(shape.intervals));
  if (!status.ok()) return status;
  (*polls)->Park(1);
  status = (*polls)->Settle(**server);
  if (!status.ok()) return status;
  std::vector<absl::Duration> samples;
  status = (*polls)->Wake(shape.wakes_at_rest, &samples);
  if (status.ok()) status = pipeline.Activate();
  if (!status.ok()) return status;
  absl::StatusOr<BackfillFigures> figures =
      WakeMeanwhile(&pipeline, shape.intervals, polls->get());
  if (figures.ok()) figures->at_rest = LatencyOf(samples);
  return figures;
}

}  // namespace holdline::load
