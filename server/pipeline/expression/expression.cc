#include "server/pipeline/expression/expression.h"

#include <cstddef>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "server/base/utf8.h"
#include "server/pipeline/expression/expression_lexer.h"
#include "server/pipeline/expression/expression_machine.h"
#include "server/pipeline/expression/expression_syntax.h"

namespace holdline {
namespace {

constexpr absl::string_view kSecretFailure =
    "it has no value, and what is wrong is not said because the text is secret";

// Watches whether the parts of a text are expressions in brackets, separated by
// commas, and gathers their values.
class BracketedList {
 public:
  explicit BracketedList(absl::string_view whole)
      : fits_(!whole.empty() && whole.front() == '[' && whole.back() == ']') {}

  void SeeText(absl::string_view text, size_t end, size_t whole_end) {
    const absl::string_view wanted = texts_ == 0        ? "["
                                     : end == whole_end ? "]"
                                                        : ",";
    ++texts_;
    fits_ = fits_ && absl::StripAsciiWhitespace(text) == wanted;
    if (!fits_) values_.clear();
  }

  void SeeValue(const ExpressionValue& value) {
    if (!fits_) return;
    ++expressions_;
    any_list_ =
        any_list_ || std::holds_alternative<ExpressionList>(value.content);
    AddFlat(value, &values_);
  }

  // Whether it was so, and one of the values was a list.
  bool IsList() const {
    return fits_ && any_list_ && texts_ == expressions_ + 1;
  }
  ExpressionList TakeValues() { return std::move(values_); }

 private:
  bool fits_;
  size_t texts_ = 0;
  size_t expressions_ = 0;
  bool any_list_ = false;
  ExpressionList values_;
};

// Calls `see` with each part of the text.
template <typename See>
absl::Status ForEachPart(absl::string_view text, See see) {
  TemplateReader reader(text);
  while (!reader.AtEnd()) {
    absl::StatusOr<TemplatePart> part = reader.Next();
    if (!part.ok()) return part.status();
    const absl::Status status = see(*part);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// Evaluates a text part by part.
class Evaluator {
 public:
  Evaluator(absl::string_view text, const ExpressionScope& scope,
            EvaluationBudget* budget)
      : text_(text),
        scope_(scope),
        budget_(budget),
        is_secret_(scope.is_secret),
        list_(text) {}

  // An error of a secret text does not even say where it is: that would tell
  // how long the secret is.
  absl::Status EvaluateAll() {
    const absl::Status status = EvaluateParts();
    if (status.ok() || !scope_.is_secret) return status;
    return ExpressionError(text_, 0, kSecretFailure);
  }

  ExpressionValue TakeValue() {
    ExpressionValue value = TakePlainValue();
    if (is_secret_) MakeSecret(&value);
    return value;
  }

 private:
  absl::Status EvaluateParts() {
    const EvaluationBudget::Evaluation evaluation(budget_);
    absl::Status status = evaluation.Check();
    if (status.ok()) status = budget_->Spend(0, text_.size());
    if (!status.ok()) return ExpressionError(text_, 0, status.message());
    return ForEachPart(text_, [this](TemplatePart& part) {
      return part.is_expression ? SeeExpression(part) : SeeText(part);
    });
  }

  ExpressionValue TakePlainValue() {
    if (lone_.has_value()) return *std::move(lone_);
    if (list_.IsList()) return {list_.TakeValues()};
    return {std::move(result_)};
  }

  absl::Status SeeText(const TemplatePart& part) {
    list_.SeeText(AsWritten(part), part.end, text_.size());
    return Write(AsWritten(part), part);
  }

  absl::Status SeeExpression(TemplatePart& part) {
    absl::StatusOr<ExpressionValue> value =
        RunExpression(text_, std::move(part.program), scope_, budget_);
    if (!value.ok()) return value.status();
    if (part.begin == 0 && part.end == text_.size()) {
      lone_ = *std::move(value);
      return absl::OkStatus();
    }
    is_secret_ = is_secret_ || IsSecret(*value);
    list_.SeeValue(*value);
    return Write(ToText(*value), part);
  }

  absl::string_view AsWritten(const TemplatePart& part) const {
    return text_.substr(part.begin, part.end - part.begin);
  }

  // What stands in the result for a part.
  absl::Status Write(absl::string_view stretch, const TemplatePart& part) {
    const absl::Status status = budget_->Spend(0, stretch.size());
    if (!status.ok()) {
      return ExpressionError(text_, part.begin, status.message());
    }
    result_.append(stretch.data(), stretch.size());
    return status;
  }

  absl::string_view text_;
  const ExpressionScope& scope_;
  EvaluationBudget* budget_;
  // Whether the text is a secret, or one of the values in it.
  bool is_secret_;
  BracketedList list_;
  std::optional<ExpressionValue> lone_;
  std::string result_;
};

// The texts that a field with this value has.
std::vector<std::string> TextsOf(ExpressionValue value) {
  ExpressionList values;
  AddFlat(std::move(value), &values);
  std::vector<std::string> texts;
  for (const ExpressionValue& element : values) {
    texts.push_back(ToText(element));
  }
  return texts;
}

// Turns places in bytes into places in characters, each behind the one before,
// in time that grows with the text alone.
class CharacterCounter {
 public:
  explicit CharacterCounter(absl::string_view text) : text_(text) {}

  size_t At(size_t position) {
    characters_ += CountCharacters(text_.substr(bytes_, position - bytes_));
    bytes_ = position;
    return characters_ + 1;
  }

 private:
  absl::string_view text_;
  size_t bytes_ = 0;
  size_t characters_ = 0;
};

}  // namespace

absl::StatusOr<ExpressionValue> EvaluateToValue(absl::string_view text,
                                                const ExpressionScope& scope,
                                                EvaluationBudget* budget) {
  Evaluator evaluator(text, scope, budget);
  const absl::Status status = evaluator.EvaluateAll();
  if (!status.ok()) return status;
  return evaluator.TakeValue();
}

absl::StatusOr<std::vector<std::string>> EvaluateTemplate(
    absl::string_view text, const ExpressionScope& scope,
    EvaluationBudget* budget) {
  absl::StatusOr<ExpressionValue> value = EvaluateToValue(text, scope, budget);
  if (!value.ok()) return value.status();
  return TextsOf(*std::move(value));
}

absl::StatusOr<std::string> EvaluateToText(absl::string_view text,
                                           const ExpressionScope& scope,
                                           EvaluationBudget* budget) {
  absl::StatusOr<ExpressionValue> value = EvaluateToValue(text, scope, budget);
  if (!value.ok()) return value.status();
  return ToText(*value);
}

absl::Status CheckExpressions(absl::string_view text) {
  return ForEachPart(text, [](TemplatePart&) { return absl::OkStatus(); });
}

absl::StatusOr<std::vector<NameUse>> NamesUsed(absl::string_view text) {
  std::vector<NameUse> names;
  CharacterCounter counter(text);
  const absl::Status status = ForEachPart(text, [&](TemplatePart& part) {
    for (Operation& operation : part.program) {
      if (operation.kind == Operation::Kind::kName) {
        names.push_back(
            {{std::move(operation.name)}, counter.At(operation.begin)});
      } else if (operation.kind == Operation::Kind::kField) {
        names.back().path.push_back(std::move(operation.name));
      }
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return names;
}

}  // namespace holdline
