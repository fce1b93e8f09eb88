// The evaluation of expressions for an object: component, instance, attempt or
// action (DATAPIPELINE section 8.3).

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

// An object for which expressions are evaluated, and the objects that they can
// refer to. Keeps the pointers of the context. Not thread-safe, not even to
// read.
class ExpressionPlace {
 public:
  // An object of the definition; `fields` are what ComponentFields() returned.
  static ExpressionPlace OfComponent(const RunContext& context,
                                     const ResolvedObject& object,
                                     std::vector<Field> fields);

  static ExpressionPlace OfInstance(const RunContext& context,
                                    const Instance& instance);

  // An instance known by its key only, without its status and attempts.
  static ExpressionPlace OfNeighbour(const RunContext& context,
                                     const InstanceKey& key);

  static ExpressionPlace OfAttempt(const RunContext& context,
                                   const Instance& instance,
                                   const Attempt& attempt);

  // An action that `instance` has triggered: the field `node` is the instance.
  static ExpressionPlace OfAction(const RunContext& context,
                                  const ResolvedObject& action,
                                  const Instance& instance);

  // Returns the object with the expressions of its fields replaced, but for
  // references and for id, name, type and @sphere.
  //
  // INVALID_ARGUMENT: an expression is wrong or refers to something unknown;
  // the message names the field.
  absl::StatusOr<PipelineObject> Evaluated() const;

  // The same, but an expression with an error stays as written (section 15, row
  // 28).
  PipelineObject EvaluatedWherePossible() const;

  // Returns `text` with its expressions replaced. INVALID_ARGUMENT as above.
  absl::StatusOr<std::string> Evaluate(absl::string_view text) const;

  // The same for the runner of the instance: secrets that RunnerObjects() does
  // not give to it are unknown, whether of a parameter or of another object.
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

  // Sets the instance whose neighbours expressions may refer to; and finds
  // these on first use, since most expressions refer to none.
  void StandAt(const Instance& instance);
  void LookAround() const;
  const Seen* See(absl::string_view id) const;

  // Whether the runner gets this field.
  bool IsTold(absl::string_view id, absl::string_view name) const;

  // Whether an object that the runner gets refers to `sought`, which does not
  // run; references are followed as by RunnerObjects().
  bool IsReferredTo(const ResolvedObject& sought) const;

  // The scope of a text of an object, and of the text of one of its fields.
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

  // The neighbours, once they were found; until then the key and end of the
  // instance whose neighbours they are.
  mutable std::vector<Seen> others_;
  mutable std::optional<Instance> standing_;
};

// Returns the objects that a runner receives for an attempt, evaluated (section
// 4.3): the attempt first, then the instances and components that it refers to.
// INVALID_ARGUMENT as Evaluated().
absl::StatusOr<std::vector<PipelineObject>> RunnerObjects(
    const RunContext& context, const Instance& instance,
    const Attempt& attempt);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_EVALUATION_H_
