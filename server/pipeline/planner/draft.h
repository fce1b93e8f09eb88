// The draft of a definition that is to be saved or activated.
//
// The work that grows with the length of a definition is done on its draft, on
// another thread than the planner's: validation, the check of the worker
// groups, compilation.

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

// A self-contained value; any thread may read it.
struct Draft {
  PipelineNumber pipeline{};

  // The call that the result answers, and its account.
  CallId call{};
  AccountId account;

  SharedDefinition definition;

  // Whether the definition is to be activated, or only saved. Of an activation:
  // the values that replace those of the same parameters, and the start, if
  // given.
  bool is_activation = false;
  std::vector<ParameterValue> values;
  std::optional<absl::Time> start;

  // The worker groups that the definition may name.
  Reach reach;

  // The definition that was activated last, if any; the numbers of the
  // components; and the time of the first activation, or infinite future.
  std::optional<SharedDefinition> active;
  std::shared_ptr<const ComponentNumbers> numbers;
  absl::Time first_activated_at;

  // The components of a finished pipeline: an activation must leave something
  // to run. Absent for other pipelines.
  std::optional<std::vector<ComponentRecord>> finished;

  absl::Time now;
  ValidationLimits limits;
};

// Judges a draft (DATAPIPELINE sections 3.2 and 3.5). Pure.
DraftJudged Judge(const Draft& draft);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_DRAFT_H_
