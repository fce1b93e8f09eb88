#include "tests/load/backfill.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "holdline/v1/data_pipeline.grpc.pb.h"
#include "tests/load/parked_polls.h"

namespace holdline::load {
namespace {

constexpr absl::Duration kAnswerTimeMax = absl::Seconds(10);
constexpr absl::Duration kBackfillTimeMax = absl::Minutes(2);

// How many polls are woken between two looks at whether the backfill is over.
constexpr int kWakesBetweenLooks = 10;

constexpr absl::CivilMinute kFirstInterval(2020, 1, 1);
constexpr int kPeriodMinutes = 15;

void AddField(v1::PipelineObject* object, const std::string& key,
              const std::string& value) {
  v1::Field* const field = object->add_fields();
  field->set_key(key);
  field->set_string_value(value);
}

void AddReference(v1::PipelineObject* object, const std::string& key,
                  const std::string& id) {
  v1::Field* const field = object->add_fields();
  field->set_key(key);
  field->set_ref_value(id);
}

std::string Step(int number) { return absl::StrCat("Step", number); }
std::string Node(int number) { return absl::StrCat("Node", number); }

// A pipeline of steps, each of which reads what the one before has written.
class Pipeline {
 public:
  Pipeline(const std::string& address, int intervals)
      : stub_(grpc::CreateChannel(address, grpc::InsecureChannelCredentials())),
        intervals_(intervals) {}

  // Makes it and uploads its definition.
  absl::Status Make() {
    v1::CreatePipelineInput create;
    create.set_name("backfill");
    create.set_unique_id("backfill");
    v1::CreatePipelineOutput created;
    absl::Status status =
        Call(&v1::DataPipeline::Stub::CreatePipeline, create, &created);
    if (!status.ok()) return status;
    id_ = created.pipeline_id();
    v1::PutPipelineDefinitionInput put;
    put.set_pipeline_id(id_);
    AddDefaults(&put);
    for (int i = 0; i < kBackfillComponents / 2; ++i) AddStep(i, &put);
    v1::PutPipelineDefinitionOutput answer;
    status = Call(&v1::DataPipeline::Stub::PutPipelineDefinition, put, &answer);
    if (status.ok() && answer.errored()) {
      return absl::InternalError(answer.ShortDebugString());
    }
    return status;
  }

  absl::Status Activate() {
    v1::ActivatePipelineInput activate;
    activate.set_pipeline_id(id_);
    v1::ActivatePipelineOutput answer;
    return Call(&v1::DataPipeline::Stub::ActivatePipeline, activate, &answer);
  }

  // Returns whether all instances are there.
  absl::StatusOr<bool> IsComplete() {
    v1::DescribeObjectsInput describe;
    describe.set_pipeline_id(id_);
    const std::string start = absl::FormatCivilTime(
        absl::CivilSecond(kFirstInterval + kPeriodMinutes * (intervals_ - 1)));
    for (int i = 0; i < kBackfillComponents / 2; ++i) {
      describe.add_object_ids(absl::StrCat("@", Node(i), "_", start));
      describe.add_object_ids(absl::StrCat("@", Step(i), "_", start));
    }
    v1::DescribeObjectsOutput answer;
    const absl::Status status =
        Call(&v1::DataPipeline::Stub::DescribeObjects, describe, &answer);
    // It names those that are not known.
    if (absl::IsInvalidArgument(status)) return false;
    if (!status.ok()) return status;
    return true;
  }

 private:
  template <typename Input, typename Output>
  absl::Status Call(grpc::Status (v1::DataPipeline::Stub::*method)(
                        grpc::ClientContext*, const Input&, Output*),
                    const Input& input, Output* output) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + kAnswerTimeMax));
    const grpc::Status status = (stub_.*method)(&context, input, output);
    return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                        status.error_message());
  }

  static v1::PipelineObject* AddObject(const std::string& id,
                                       v1::PutPipelineDefinitionInput* put) {
    v1::PipelineObject* const object = put->add_pipeline_objects();
    object->set_id(id);
    object->set_name(id);
    return object;
  }

  void AddDefaults(v1::PutPipelineDefinitionInput* put) const {
    v1::PipelineObject* const defaults = AddObject("Default", put);
    AddField(defaults, "scheduleType", "cron");
    AddReference(defaults, "schedule", "Schedule");
    AddField(defaults, "workerGroup", "backfill");
    v1::PipelineObject* const schedule = AddObject("Schedule", put);
    AddField(schedule, "type", "Schedule");
    AddField(schedule, "period", absl::StrCat(kPeriodMinutes, " minutes"));
    AddField(schedule, "startDateTime",
             absl::FormatCivilTime(absl::CivilSecond(kFirstInterval)));
    AddField(schedule, "occurrences", absl::StrCat(intervals_));
  }

  static void AddStep(int number, v1::PutPipelineDefinitionInput* put) {
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

  v1::DataPipeline::Stub stub_;
  const int intervals_;
  std::string id_;
};

// Wakes a poll again and again until the backfill is over.
absl::StatusOr<BackfillFigures> WakeMeanwhile(Pipeline* pipeline, int instances,
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
    complete = pipeline->IsComplete();
  }
  if (!complete.ok()) return complete.status();
  BackfillFigures figures;
  figures.meanwhile = LatencyOf(samples);
  figures.instances_per_second =
      instances / absl::ToDoubleSeconds(absl::Now() - start);
  return figures;
}

}  // namespace

absl::StatusOr<BackfillFigures> MeasureBackfill(const Places& places,
                                                const BackfillShape& shape) {
  const auto server = StartServer(places, Subject::kBroker, RawPoll::kHeld);
  if (!server.ok()) return server.status();
  const auto polls = ParkedPolls::Connect((*server)->address(), 1);
  if (!polls.ok()) return polls.status();
  Pipeline pipeline((*server)->address(), shape.intervals);
  absl::Status status = pipeline.Make();
  if (!status.ok()) return status;
  (*polls)->Park(1);
  status = (*polls)->Settle(**server);
  if (!status.ok()) return status;
  std::vector<absl::Duration> samples;
  status = (*polls)->Wake(shape.wakes_at_rest, &samples);
  if (status.ok()) status = pipeline.Activate();
  if (!status.ok()) return status;
  absl::StatusOr<BackfillFigures> figures = WakeMeanwhile(
      &pipeline, shape.intervals * kBackfillComponents, polls->get());
  if (figures.ok()) figures->at_rest = LatencyOf(samples);
  return figures;
}

}  // namespace holdline::load
