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
  // Returns the value of `name` on an object; nothing if the object or the name
  // is unknown; or an error, which ends the evaluation and is returned with the
  // position of the name.
  //
  // `object_id` is empty for the object whose text is evaluated, otherwise from
  // an ObjectReference. `name` may begin with @, * or @*. References give
  // ObjectReferences, repeated fields a list. A value with expressions must be
  // evaluated already, for its own object: call EvaluateToValue() with a scope
  // of that object and the same budget, which also ends cycles.
  std::function<absl::StatusOr<std::optional<ExpressionValue>>(
      absl::string_view object_id, absl::string_view name)>
      find;

  // Whether the text is secret. Its value is then a secret, and errors have no
  // details, because names and functions in it may be the secret.
  bool is_secret = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_SCOPE_H_
