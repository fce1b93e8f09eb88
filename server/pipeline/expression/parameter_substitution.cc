#include "server/pipeline/expression/parameter_substitution.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "server/pipeline/expression/expression_syntax.h"

namespace holdline {
namespace {

using Kind = Operation::Kind;
using Parameter = std::function<const ParameterText*(absl::string_view name)>;

absl::string_view Between(absl::string_view text, size_t begin, size_t end) {
  return text.substr(begin, end - begin);
}

void Append(absl::string_view more, std::string* text) {
  text->append(more.data(), more.size());
}

// The text as a literal.
std::string Quoted(absl::string_view text) {
  return absl::StrCat(
      "'", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

// Whether the text is a number as expressions have them, maybe with a minus.
bool IsNumber(absl::string_view text) {
  absl::ConsumePrefix(&text, "-");
  const size_t point = text.find('.');
  const auto is_digits = [](absl::string_view digits) {
    return !digits.empty() &&
           std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit);
  };
  if (point == absl::string_view::npos) return is_digits(text);
  return is_digits(text.substr(0, point)) && is_digits(text.substr(point + 1));
}

// A value that has expressions itself, as one expression: its parts, joined.
absl::StatusOr<std::string> Joined(absl::string_view value) {
  std::vector<std::string> parts;
  TemplateReader reader(value);
  while (!reader.AtEnd()) {
    absl::StatusOr<TemplatePart> part = reader.Next();
    if (!part.ok()) return part.status();
    absl::string_view stretch = Between(value, part->begin, part->end);
    if (!part->is_expression) {
      parts.push_back(Quoted(stretch));
      continue;
    }
    // Of several parts the first must be a text, or numbers would be added.
    const bool alone = part->end == value.size();
    if (parts.empty() && !alone) parts.push_back("''");
    absl::ConsumePrefix(&stretch, "#{");
    absl::ConsumeSuffix(&stretch, "}");
    parts.push_back(absl::StrCat("(", stretch, ")"));
  }
  return absl::StrCat("(", absl::StrJoin(parts, " + "), ")");
}

absl::StatusOr<std::string> AsOperand(const std::string& value,
                                      bool is_number) {
  if (is_number && IsNumber(value)) return absl::StrCat("(", value, ")");
  return HasExpression(value) ? Joined(value) : Quoted(value);
}

// The parameter's values as what can stand in an expression: a literal, or a
// list of them.
absl::StatusOr<std::string> AsOperand(const ParameterText& parameter) {
  std::vector<std::string> operands;
  for (const std::string& value : parameter.values) {
    absl::StatusOr<std::string> operand = AsOperand(value, parameter.is_number);
    if (!operand.ok()) return operand.status();
    operands.push_back(*std::move(operand));
  }
  if (operands.size() == 1) return std::move(operands[0]);
  return absl::StrCat("[", absl::StrJoin(operands, ", "), "]");
}

// The parameter whose name operation `index` of the program is, or null.
const ParameterText* Named(const ExpressionProgram& program, size_t index,
                           const Parameter& parameter) {
  if (program[index].kind != Kind::kName) return nullptr;
  const bool has_field_taken =
      index + 1 < program.size() && program[index + 1].kind == Kind::kField;
  return has_field_taken ? nullptr : parameter(program[index].name);
}

// The parameter that the expression consists of, or null.
const ParameterText* Lone(const TemplatePart& part,
                          const Parameter& parameter) {
  return part.program.size() == 1 ? Named(part.program, 0, parameter) : nullptr;
}

// Appends the expression with its names replaced. Operations on names come in
// the order of the text.
absl::Status AppendExpression(absl::string_view text, const TemplatePart& part,
                              const Parameter& parameter, std::string* result) {
  size_t copied = part.begin;
  for (size_t i = 0; i < part.program.size(); ++i) {
    const ParameterText* named = Named(part.program, i, parameter);
    if (named == nullptr) continue;
    const absl::StatusOr<std::string> operand = AsOperand(*named);
    if (!operand.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "parameter `", part.program[i].name, "`: ",
          named->is_secret ? "an expression in its value cannot be read"
                           : operand.status().message()));
    }
    Append(Between(text, copied, part.program[i].begin), result);
    Append(*operand, result);
    copied = part.program[i].end;
    if (result->size() > kSubstitutedTextMax) break;
  }
  Append(Between(text, copied, part.end), result);
  return absl::OkStatus();
}

absl::Status AppendPart(absl::string_view text, const TemplatePart& part,
                        const Parameter& parameter, std::string* result) {
  if (!part.is_expression) {
    Append(Between(text, part.begin, part.end), result);
    return absl::OkStatus();
  }
  const ParameterText* lone = Lone(part, parameter);
  if (lone != nullptr && lone->values.size() <= 1) {
    if (!lone->values.empty()) Append(lone->values[0], result);
    return absl::OkStatus();
  }
  return AppendExpression(text, part, parameter, result);
}

}  // namespace

absl::StatusOr<std::vector<std::string>> SubstituteNames(
    absl::string_view text, const Parameter& parameter) {
  std::string result;
  TemplateReader reader(text);
  while (!reader.AtEnd()) {
    const absl::StatusOr<TemplatePart> part = reader.Next();
    if (!part.ok()) return part.status();
    const bool is_whole = part->begin == 0 && part->end == text.size();
    if (is_whole && part->is_expression) {
      const ParameterText* lone = Lone(*part, parameter);
      if (lone != nullptr) return lone->values;
    }
    const absl::Status status = AppendPart(text, *part, parameter, &result);
    if (!status.ok()) return status;
    if (result.size() > kSubstitutedTextMax) {
      return absl::InvalidArgumentError(
          absl::StrCat("with the values of its parameters the text has more "
                       "than ",
                       kSubstitutedTextMax, " bytes"));
    }
  }
  return std::vector<std::string>{std::move(result)};
}

}  // namespace holdline
