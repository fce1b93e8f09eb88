// Expressions in the place of an object (DATAPIPELINE section 8.3).

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_EVALUATION_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_EVALUATION_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/expression/evaluation_budget.h"
#include "server/pipeline/expression/expression_scope.h"
#include "server/pipeline/expression/expression_value.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/run_fields.h"

namespace holdline {

// An object in whose place expressions are read, with those that it can refer
// to. Keeps pointers to the context. Not thread-safe, not even to read.
class ExpressionPlace {
 public:
  // An object of the definition; `fields` are what ComponentFields() returned.
  static ExpressionPlace OfComponent(const RunContext& context,
                                     const ResolvedObject& object,
                                     std::vector<Field> fields);

  static ExpressionPlace OfInstance(const RunContext& context,
                                    const Instance& instance);

  // An instance of which only is known where it belongs, and not how far it has
  // come.
  static ExpressionPlace OfNeighbour(const RunContext& context,
                                     const InstanceKey& key);

  static ExpressionPlace OfAttempt(const RunContext& context,
                                   const Instance& instance,
                                   const Attempt& attempt);

  // An action that `instance` has set off: its `node` is the instance.
  static ExpressionPlace OfAction(const RunContext& context,
                                  const ResolvedObject& action,
                                  const Instance& instance);

  // Returns the object with the expressions of its fields replaced. Not
  // replaced are references and what names the object: id, name, type, @sphere.
  //
  // INVALID_ARGUMENT: an expression is wrong, or refers to something that is
  // not there; names the field.
  absl::StatusOr<PipelineObject> Evaluated() const;

  // The same, but what cannot be replaced is left as it stands (section 15, row
  // 28).
  PipelineObject EvaluatedWherePossible() const;

  // Returns `text` with its expressions replaced. INVALID_ARGUMENT as above.
  absl::StatusOr<std::string> Evaluate(absl::string_view text) const;

  // The same for a runner of the run: a secret that RunnerObjects() does not
  // tell it of is not there, be it a parameter's or that of an object farther
  // away.
  absl::StatusOr<std::string> EvaluateForRunner(absl::string_view text) const;

 private:
  // An object that expressions can see.
  struct Seen {
    std::string id;
    std::string name;
    const ResolvedObject* object = nullptr;
    std::vector<Field> fields;
  };

  ExpressionPlace(const RunContext& context, Seen self)
      : context_(context), self_(std::move(self)) {}

  static Seen SeenRun(const RunContext& context, const Instance& instance,
                      std::vector<Field> fields);

  // Says where its neighbours are to be looked for, and looks for them. Most
  // expressions do not refer to any.
  void StandAt(const Instance& instance);
  void LookAround() const;
  const Seen* See(absl::string_view id) const;

  // Whether a runner is told of this field.
  bool IsTold(absl::string_view id, absl::string_view name) const;

  // Whether what a runner is told of refers to an object that does not run, as
  // RunnerObjects() follows references.
  bool IsReferredTo(const ResolvedObject& sought) const;

  // Of texts that are evaluated in the place of an object, and of the text of
  // one of its fields.
  ExpressionScope ScopeOf(const Seen& seen, EvaluationBudget* budget) const;
  ExpressionScope ScopeOf(const Seen& seen, const Field& field,
                          EvaluationBudget* budget) const;
  absl::StatusOr<std::optional<ExpressionValue>> Find(
      const Seen& seen, absl::string_view name, EvaluationBudget* budget) const;
  absl::StatusOr<ExpressionValue> ValueOf(const Seen& seen, const Field& field,
                                          EvaluationBudget* budget) const;
  absl::Status EvaluateField(const Field& field, EvaluationBudget* budget,
                             std::vector<Field>* into) const;

  const RunContext context_;
  Seen self_;

  // Instances that it can refer to, and until they have been looked for the
  // key and the end of that whose neighbours they are.
  mutable std::vector<Seen> others_;
  mutable std::optional<Instance> standing_;
};

// The objects that a runner receives for an attempt (section 4.3): the attempt,
// the instances and components that it refers to, evaluated. The first object
// is the attempt.
absl::StatusOr<std::vector<PipelineObject>> RunnerObjects(
    const RunContext& context, const Instance& instance,
    const Attempt& attempt);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_EVALUATION_H_
