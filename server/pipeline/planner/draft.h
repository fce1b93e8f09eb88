// The draft of a definition that is to be saved or activated.
//
// What takes time by the length of a definition is done with its draft, on
// another thread than the planner's: validating, looking at the worker groups
// that it names, compiling.

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_DRAFT_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_DRAFT_H_

#include <memory>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "server/base/reach.h"
#include "server/broker/ids.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/command.h"
#include "server/pipeline/model/compiled_definition.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/record.h"
#include "server/pipeline/validation/validation_limits.h"

namespace holdline {

// A value that any thread may look at.
struct Draft {
  PipelineNumber pipeline{};

  // The call that is answered once it was judged, and its account.
  CallId call{};
  AccountId account;

  SharedDefinition definition;

  // Whether it is to be activated: with values in place of those of the same
  // parameters, and from when on.
  bool is_activation = false;
  std::vector<ParameterValue> values;
  std::optional<absl::Time> start;

  // The worker groups that it may name.
  Reach reach;

  // The definition that was activated last, if one was; the numbers of the
  // components; and when the first activation was, or infinite future.
  std::optional<SharedDefinition> active;
  std::shared_ptr<const ComponentNumbers> numbers;
  absl::Time first_activated_at;

  // Of a pipeline that has finished, the components: something must be left to
  // run.
  std::optional<std::vector<ComponentRecord>> finished;

  absl::Time now;
  ValidationLimits limits;
};

// Judges a draft (DATAPIPELINE sections 3.2 and 3.5). Pure.
DraftJudged Judge(const Draft& draft);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_DRAFT_H_
