// The scope that resolves names in an expression (DATAPIPELINE section 8.3).

#ifndef HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_SCOPE_H_
#define HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_SCOPE_H_

#include <functional>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/pipeline/expression/expression_value.h"

namespace holdline {

struct ExpressionScope {
  // Returns what `name` is on the object, nothing if the object or the name is
  // unknown, or an error, which ends the evaluation and is told with the place
  // of the name before it.
  //
  // `object_id` is empty for the object whose text is evaluated, otherwise what
  // an ObjectReference held. `name` may begin with @, * or @*. References give
  // ObjectReferences, repeated fields a list. A text that has expressions
  // itself must be evaluated already, in the place of its own object: call
  // EvaluateToValue() with a scope for that object and the same budget, which
  // also ends circles.
  std::function<absl::StatusOr<std::optional<ExpressionValue>>(
      absl::string_view object_id, absl::string_view name)>
      find;

  // Whether the text is secret. Errors then have no details, because names and
  // functions in it may be the secret; and its value is a secret.
  bool is_secret = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_SCOPE_H_
