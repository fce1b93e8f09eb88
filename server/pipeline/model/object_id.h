// Public ids of instances and attempts (DATAPIPELINE section 1.4).

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_OBJECT_ID_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_OBJECT_ID_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/workflow.h"

namespace holdline {

// Returns the id of an instance, such as `@SayHello_2012-12-12T00:00:00`. If a
// precondition guards several objects, its ids have the guarded object before
// the time (section 15, row 29).
std::string InstanceId(const Workflow& workflow, const InstanceKey& key);

// Returns the id of an attempt, such as
// `@SayHello_2012-12-12T00:00:00_Attempt=1`.
std::string AttemptId(const Workflow& workflow, const AttemptKey& key);

// The parts of the id of an instance or attempt. The component is not among
// them, because ids of components may contain anything: compare with
// InstanceId.
struct ParsedObjectId {
  // The id of the instance, without `_Attempt=` and what follows.
  std::string instance;

  absl::Time start;

  // The number of the attempt; absent for an instance.
  std::optional<int> attempt;
};

// Returns the parts, or nothing if the id has neither form.
std::optional<ParsedObjectId> ParseObjectId(absl::string_view id);

// Returns the possible keys of an instance by its id: at most one, but for ids
// of components that contain `_` and can be read in two ways.
std::vector<InstanceKey> InstancesCalled(const Workflow& workflow,
                                         PipelineNumber pipeline,
                                         absl::string_view id);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_OBJECT_ID_H_
