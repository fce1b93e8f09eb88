#include "server/pipeline/expression/expression_machine.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "server/pipeline/expression/expression_lexer.h"
#include "server/pipeline/expression/secret_name.h"

namespace holdline {
namespace {

using Kind = Operation::Kind;

ExpressionList* AsList(ExpressionValue& value) {
  return std::get_if<ExpressionList>(&value.content);
}

// How much text the value holds.
size_t TextSize(const ExpressionValue& value) {
  if (const auto* text = std::get_if<std::string>(&value.content)) {
    return text->size();
  }
  if (const auto* reference = std::get_if<ObjectReference>(&value.content)) {
    return reference->id.size();
  }
  return 0;
}

// Runs the program of one expression.
class Machine {
 public:
  Machine(absl::string_view text, const ExpressionScope& scope,
          EvaluationBudget* budget)
      : text_(text), scope_(scope), budget_(budget) {}

  absl::StatusOr<ExpressionValue> Run(ExpressionProgram program);

 private:
  absl::Status Perform(Operation& operation);
  absl::Status Push(ExpressionValue value);
  absl::Status TakeField(absl::string_view name);
  absl::Status TakeFieldOf(const ExpressionValue& object,
                           absl::string_view name);
  absl::Status Find(const ObjectReference& object, absl::string_view name,
                    bool is_secret);
  absl::Status Call(const ExpressionFunction& function);
  absl::Status CallForEach(const ExpressionFunction& function, size_t list_at);
  absl::Status MakeList(size_t count);

  // Replaces the upper `count` values by `value`.
  absl::Status Replace(size_t count, ExpressionValue value) {
    stack_.resize(stack_.size() - count);
    return Push(std::move(value));
  }

  absl::string_view text_;
  const ExpressionScope& scope_;
  EvaluationBudget* budget_;
  std::vector<ExpressionValue> stack_;
};

absl::StatusOr<ExpressionValue> Machine::Run(ExpressionProgram program) {
  for (Operation& operation : program) {
    const absl::Status status = Perform(operation);
    if (!status.ok()) {
      return ExpressionError(text_, operation.begin, status.message());
    }
  }
  return std::move(stack_.back());
}

absl::Status Machine::Perform(Operation& operation) {
  switch (operation.kind) {
    case Kind::kLiteral:
      return Push(std::move(operation.literal));
    case Kind::kName:
      return Find({}, operation.name, false);
    case Kind::kField:
      return TakeField(operation.name);
    case Kind::kCall:
      return Call(*operation.function);
    case Kind::kList:
      return MakeList(operation.count);
  }
  return absl::InternalError("unknown operation");
}

absl::Status Machine::Push(ExpressionValue value) {
  int64_t steps = 1;
  size_t bytes = TextSize(value);
  if (const ExpressionList* list = AsList(value)) {
    steps += static_cast<int64_t>(list->size());
    for (const ExpressionValue& element : *list) bytes += TextSize(element);
  }
  stack_.push_back(std::move(value));
  return budget_->Spend(steps, bytes);
}

// `is_secret` is whether the reference is a secret, and so what it leads to.
absl::Status Machine::Find(const ObjectReference& object,
                           absl::string_view name, bool is_secret) {
  absl::StatusOr<std::optional<ExpressionValue>> found =
      scope_.find(object.id, name);
  if (!found.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("`", name, "`: ", found.status().message()));
  }
  if (!found->has_value()) {
    return absl::InvalidArgumentError(
        object.id.empty()
            ? absl::StrCat("there is no `", name, "`")
            : absl::StrCat("`", is_secret ? kSecretShown : object.id,
                           "` has no `", name, "`"));
  }
  if (is_secret || IsSecretName(name)) MakeSecret(&**found);
  return Push(**std::move(found));
}

absl::Status Machine::TakeField(absl::string_view name) {
  const ExpressionValue of = std::move(stack_.back());
  stack_.pop_back();
  const auto* objects = std::get_if<ExpressionList>(&of.content);
  if (objects == nullptr) return TakeFieldOf(of, name);
  ExpressionList fields;
  for (const ExpressionValue& object : *objects) {
    const absl::Status status = TakeFieldOf(object, name);
    if (!status.ok()) return status;
    AddFlat(std::move(stack_.back()), &fields);
    stack_.pop_back();
  }
  return Push({std::move(fields)});
}

absl::Status Machine::TakeFieldOf(const ExpressionValue& object,
                                  absl::string_view name) {
  const auto* reference = std::get_if<ObjectReference>(&object.content);
  if (reference == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(
        "only a reference has a field `", name, "`, and this is none"));
  }
  return Find(*reference, name, object.is_secret);
}

absl::Status Machine::Call(const ExpressionFunction& function) {
  const absl::Span<ExpressionValue> arguments =
      absl::MakeSpan(stack_).last(function.arity);
  const auto is_list = [](ExpressionValue& value) {
    return AsList(value) != nullptr;
  };
  const auto list = std::find_if(arguments.begin(), arguments.end(), is_list);
  if (list != arguments.end()) {
    return CallForEach(function, list - arguments.begin());
  }
  const bool is_secret = absl::c_any_of(
      arguments, [](const ExpressionValue& value) { return value.is_secret; });
  absl::StatusOr<ExpressionValue> result = function.call(arguments);
  if (!result.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("`", function.name, "`: ", result.status().message()));
  }
  result->is_secret = is_secret;
  return Replace(function.arity, *std::move(result));
}

// The function of each value of the list that is argument number `list_at`, the
// first list among them. Two lists can only be joined.
absl::Status Machine::CallForEach(const ExpressionFunction& function,
                                  size_t list_at) {
  const std::vector<ExpressionValue> arguments(
      std::make_move_iterator(stack_.end() - function.arity),
      std::make_move_iterator(stack_.end()));
  stack_.resize(stack_.size() - function.arity);
  const auto& list = std::get<ExpressionList>(arguments[list_at].content);
  ExpressionList results;
  for (size_t i = list_at + 1; i < arguments.size(); ++i) {
    const auto* other = std::get_if<ExpressionList>(&arguments[i].content);
    if (other == nullptr) continue;
    if (&function != BinaryOperator('+')) {
      return absl::InvalidArgumentError(
          absl::StrCat("`", function.name, "` cannot be applied to two lists"));
    }
    results = list;
    results.insert(results.end(), other->begin(), other->end());
    return Push({std::move(results)});
  }
  for (const ExpressionValue& element : list) {
    for (size_t i = 0; i < arguments.size(); ++i) {
      const absl::Status status = Push(i == list_at ? element : arguments[i]);
      if (!status.ok()) return status;
    }
    const absl::Status status = Call(function);
    if (!status.ok()) return status;
    AddFlat(std::move(stack_.back()), &results);
    stack_.pop_back();
  }
  return Push({std::move(results)});
}

absl::Status Machine::MakeList(size_t count) {
  ExpressionList list;
  for (auto value = stack_.end() - count; value != stack_.end(); ++value) {
    AddFlat(std::move(*value), &list);
  }
  return Replace(count, {std::move(list)});
}

}  // namespace

absl::StatusOr<ExpressionValue> RunExpression(absl::string_view text,
                                              ExpressionProgram program,
                                              const ExpressionScope& scope,
                                              EvaluationBudget* budget) {
  return Machine(text, scope, budget).Run(std::move(program));
}

// Adds a value to a list; of a list, its values.
void AddFlat(ExpressionValue value, ExpressionList* list) {
  if (ExpressionList* values = AsList(value)) {
    list->insert(list->end(), std::make_move_iterator(values->begin()),
                 std::make_move_iterator(values->end()));
  } else {
    list->push_back(std::move(value));
  }
}

}  // namespace holdline
