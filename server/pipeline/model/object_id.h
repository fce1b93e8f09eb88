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

// Returns the id of an instance, such as `@SayHello_2012-12-12T00:00:00`. One
// of a precondition that guards several objects names the guarded one before
// the time (section 15, row 29).
std::string InstanceId(const Workflow& workflow, const InstanceKey& key);

// Returns the id of an attempt, such as
// `@SayHello_2012-12-12T00:00:00_Attempt=1`.
std::string AttemptId(const Workflow& workflow, const AttemptKey& key);

// The parts of an instance's or attempt's id. Only a comparison with InstanceId
// tells the component, because ids of components may contain anything.
struct ParsedObjectId {
  // Without `_Attempt=` and what follows it.
  std::string instance;

  absl::Time start;

  // Of an attempt, its number.
  std::optional<int> attempt;
};

// Returns nothing if the id has neither form.
std::optional<ParsedObjectId> ParseObjectId(absl::string_view id);

// Returns the keys under which an instance of this id could be found. Almost
// always at most one: names that hold a `_` themselves may read in two ways.
std::vector<InstanceKey> InstancesCalled(const Workflow& workflow,
                                         PipelineNumber pipeline,
                                         absl::string_view id);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_OBJECT_ID_H_
