#include "server/pipeline/planner/draft.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/pipeline/definition/resolved_definition.h"
#include "server/pipeline/model/error.h"
#include "server/pipeline/model/remaining_runs.h"
#include "server/pipeline/model/route.h"
#include "server/pipeline/model/workflow.h"
#include "server/pipeline/validation/validation.h"

namespace holdline {
namespace {

void AddMessages(absl::Span<const ObjectMessages> messages,
                 std::vector<std::string>* all) {
  for (const ObjectMessages& of : messages) {
    for (const std::string& message : of.messages) {
      all->push_back(absl::StrCat(of.id, ": ", message));
    }
  }
}

// The sentences with which AWS refuses a definition (sections 3.2 and 3.5).
absl::Status NotToBeSaved(const ValidationReport& report) {
  std::vector<std::string> all;
  AddMessages(report.fatal, &all);
  if (all.empty()) return absl::OkStatus();
  return InvalidRequest(
      absl::StrCat("Pipeline definition has errors: Could not save the "
                   "pipeline definition due to FATAL errors: [",
                   absl::StrJoin(all, "; "),
                   "] Please call Validate to validate your pipeline"));
}

absl::Status NotToBeActivated(const ValidationReport& report) {
  std::vector<std::string> all;
  AddMessages(report.fatal, &all);
  AddMessages(report.errors, &all);
  if (all.empty()) return absl::OkStatus();
  return InvalidRequest(absl::StrCat("Pipeline definition has errors: ",
                                     absl::StrJoin(all, "; ")));
}

// The definition with values in place of those of the same parameters.
SharedDefinition WithValues(const SharedDefinition& definition,
                            absl::Span<const ParameterValue> values) {
  if (values.empty()) return definition;
  Definition with = *definition;
  std::erase_if(with.values, [&](const ParameterValue& stored) {
    return absl::c_any_of(values, [&](const ParameterValue& given) {
      return given.id == stored.id;
    });
  });
  with.values.insert(with.values.end(), values.begin(), values.end());
  return with;
}

ValidationReport Validated(const Draft& draft, const Definition& definition) {
  ValidationPurpose purpose;
  if (draft.active.has_value()) purpose.active = &**draft.active;
  purpose.for_activation = draft.is_activation;
  purpose.start = draft.start.value_or(absl::InfinitePast());
  purpose.now = draft.now;
  return Validate(definition, purpose, draft.limits);
}

CompiledDefinition Compile(const Draft& draft, ResolvedDefinition definition) {
  CompiledDefinition compiled;
  compiled.numbers = std::make_shared<const ComponentNumbers>(
      WithNumbersOf(definition, *draft.numbers));
  compiled.workflow =
      Workflow::Make(std::move(definition), *compiled.numbers,
                     std::min(draft.first_activated_at, draft.now));
  return compiled;
}

}  // namespace

DraftJudged Judge(const Draft& draft) {
  DraftJudged judged;
  judged.pipeline = draft.pipeline;
  judged.call = draft.call;
  judged.is_activation = draft.is_activation;
  judged.start = draft.start.value_or(absl::InfinitePast());
  judged.now = draft.now;
  judged.definition = WithValues(draft.definition, draft.values);
  judged.has_new_values = judged.definition != draft.definition;
  if (!IsInReach(*judged.definition, draft.reach)) {
    judged.refusal = OutOfReach();
    return judged;
  }
  judged.report = Validated(draft, *judged.definition);
  judged.refusal = draft.is_activation ? NotToBeActivated(judged.report)
                                       : NotToBeSaved(judged.report);
  if (!judged.refusal.ok()) return judged;
  const bool must_run_further =
      draft.finished.has_value() && !judged.report.breaks_active;
  if (!draft.is_activation && !must_run_further) return judged;
  judged.compiled =
      Compile(draft, ResolvedDefinition::Resolve(*judged.definition));
  if (must_run_further &&
      !CanRunFurther(*judged.compiled.workflow, *draft.finished)) {
    judged.refusal = InvalidRequest(kNothingLeftToRun);
  }
  return judged;
}

}  // namespace holdline
