// Definitions for tests: a notation to write them down, and some with the
// features that real ones have.

#ifndef HOLDLINE_SERVER_PIPELINE_TESTING_SAMPLE_DEFINITIONS_H_
#define HOLDLINE_SERVER_PIPELINE_TESTING_SAMPLE_DEFINITIONS_H_

#include <initializer_list>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/pipeline/definition/definition.h"

namespace holdline {

// The value of a field that refers to an object.
struct Ref {
  explicit Ref(absl::string_view object) : id(object) {}

  std::string id;
};

struct SampleField {
  SampleField(absl::string_view key, absl::string_view value)
      : field{std::string(key), std::string(value), false} {}
  SampleField(absl::string_view key, const Ref& object)
      : field{std::string(key), object.id, true} {}

  Field field;
};

// An object; its name is its id.
struct SampleObject {
  std::string id;
  std::vector<SampleField> fields;
};

// Returns the definition of these objects, such as
//
//     Make({{"Default", {{"workerGroup", "wg"}, {"schedule", Ref("Hourly")}}},
//           {"Hourly", {{"type", "Schedule"}, {"period", "1 hour"}, ...}}})
Definition Make(std::initializer_list<SampleObject> objects);

// Returns the object of this id, which must exist. Owned by the definition.
PipelineObject& Object(Definition& definition, absl::string_view id);

// Sets a field: the first of this key, or a new one.
void Set(Definition& definition, absl::string_view id,
         const SampleField& field);

// Adds a field, next to those that may have the same key.
void Add(Definition& definition, absl::string_view id,
         const SampleField& field);

// Removes all fields of this key.
void Remove(Definition& definition, absl::string_view id,
            absl::string_view key);

// Every definition below is valid: it has no error. Unless they say otherwise
// they run on the worker group `wg`, from 2012-12-12T00:00:00 on.

// Default with a worker group, and nothing else.
Definition DefaultOnly();

// The worked example of DATAPIPELINE appendix A: SayHello, a time series, 234
// hours.
Definition HelloPipeline();

// An hourly shell activity, Compress, between the nodes Raw, guarded by the
// precondition RawIsThere, and Compressed; with retries, time-outs and an
// alarm. By cron.
Definition ShellPipeline();

// Hourly activities, Collect, write the node HourlyLog, of which the daily
// activity Summarize makes one. Two occurrences a day each.
Definition NestedSchedules();

// Parameters with defaults, a list, an optional one, and one without a value:
// activation must give `myBucket`. The list `myWord` is `a`, `b`.
Definition ParameterPipeline();

// The activities Left and Right, both guarded by the precondition Gate.
Definition SharedPreconditions();

// First, and Second which depends on it. Up to `runs` runs at a time.
Definition OnDemandPipeline(int runs = 1);

// Root, and `width` activities Leaf0, Leaf1, ... that depend on it. One
// occurrence, in mode cascade.
Definition WideCascade(int width);

// The activity Tick each fifteen minutes of a year, by cron.
Definition YearOfQuarterHours();

// The activity OnResource runs on the Ec2Resource Resource, and OnCluster, once
// it has, on the EmrCluster Cluster.
Definition ResourcePipeline();

// Returns all of these, with some size.
std::vector<Definition> SampleDefinitions();

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_TESTING_SAMPLE_DEFINITIONS_H_
