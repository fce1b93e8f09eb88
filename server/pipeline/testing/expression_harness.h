// A table of fields, for tests of expressions.

#ifndef HOLDLINE_SERVER_PIPELINE_TESTING_EXPRESSION_HARNESS_H_
#define HOLDLINE_SERVER_PIPELINE_TESTING_EXPRESSION_HARNESS_H_

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/expression/evaluation_budget.h"
#include "server/pipeline/expression/expression.h"
#include "server/pipeline/expression/secret_name.h"

namespace holdline {

inline ExpressionValue TextValue(absl::string_view text) {
  return {std::string(text)};
}

inline ExpressionValue IntegerValue(int64_t number) { return {number}; }

inline ExpressionValue TimeValue(absl::string_view text) {
  return {DateTime{*ParseFieldTime(text)}};
}

inline ExpressionValue ReferenceValue(absl::string_view id) {
  return {ObjectReference{std::string(id)}};
}

// Fields by object id and name. Texts are templates, evaluated for their
// object; those of secret names are secrets.
class FieldTable {
 public:
  void Set(absl::string_view object_id, absl::string_view name,
           ExpressionValue value) {
    fields_[{std::string(object_id), std::string(name)}] = std::move(value);
  }

  // Evaluates a text for an object of the table.
  absl::StatusOr<ExpressionValue> Evaluate(const std::string& object_id,
                                           absl::string_view text,
                                           EvaluationBudget* budget,
                                           bool is_secret = false) const {
    ExpressionScope scope;
    scope.is_secret = is_secret;
    scope.find = [&](absl::string_view id, absl::string_view name) {
      return Find(id.empty() ? object_id : std::string(id), name, budget);
    };
    return EvaluateToValue(text, scope, budget);
  }

  absl::StatusOr<ExpressionValue> Evaluate(absl::string_view text) const {
    EvaluationBudget budget;
    return Evaluate("", text, &budget);
  }

 private:
  absl::StatusOr<std::optional<ExpressionValue>> Find(
      const std::string& object_id, absl::string_view name,
      EvaluationBudget* budget) const {
    const auto found = fields_.find({object_id, std::string(name)});
    if (found == fields_.end()) return std::nullopt;
    const auto* text = std::get_if<std::string>(&found->second.content);
    if (text == nullptr) return found->second;
    absl::StatusOr<ExpressionValue> value =
        Evaluate(object_id, *text, budget, IsSecretName(name));
    if (!value.ok()) return value.status();
    return *std::move(value);
  }

  std::map<std::pair<std::string, std::string>, ExpressionValue> fields_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_TESTING_EXPRESSION_HARNESS_H_
