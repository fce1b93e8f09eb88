#include "server/pipeline/parameter_table.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace holdline {
namespace {

using Values = std::vector<std::string>;
using ValueMap = absl::flat_hash_map<std::string, Values>;

ValueMap GroupedById(absl::Span<const ParameterValue> values) {
  ValueMap grouped;
  for (const ParameterValue& value : values) {
    grouped[value.id].push_back(value.value);
  }
  return grouped;
}

// Returns where the expression ends that begins at `text`: after its closing
// brace, which a quoted text may hold too; 0 if it has none.
size_t ExpressionLength(absl::string_view text) {
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0 && c == '\\') {
      ++i;
    } else if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '}') {
      return i + 1;
    }
  }
  return 0;
}

// A stretch of a field's text: literal, or an expression with its braces.
struct Piece {
  absl::string_view text;
  bool is_expression = false;
};

std::vector<Piece> Pieces(absl::string_view text) {
  std::vector<Piece> pieces;
  size_t from = 0;
  while (from < text.size()) {
    const size_t start = text.find("#{", from);
    if (start == absl::string_view::npos) break;
    const size_t length = ExpressionLength(text.substr(start));
    if (length == 0) break;
    if (start > from) pieces.push_back({text.substr(from, start - from)});
    pieces.push_back({text.substr(start, length), true});
    from = start + length;
  }
  if (from < text.size()) pieces.push_back({text.substr(from)});
  return pieces;
}

// Whether the text is `[#{a}, #{b}]`. Its lists are joined, and that is for the
// evaluation of expressions to do (DATAPIPELINE section 8.4).
bool IsListOfExpressions(absl::Span<const Piece> pieces) {
  if (pieces.size() < 3) return false;
  for (size_t i = 0; i < pieces.size(); ++i) {
    const absl::string_view text = absl::StripAsciiWhitespace(pieces[i].text);
    const absl::string_view separator = i == 0                   ? "["
                                        : i + 1 == pieces.size() ? "]"
                                                                 : ",";
    if (!pieces[i].is_expression && text != separator) return false;
  }
  return !pieces.front().is_expression && !pieces.back().is_expression;
}

// Returns the name that is all there is between the braces, or what else is
// there.
absl::string_view Inside(absl::string_view expression) {
  absl::ConsumePrefix(&expression, "#{");
  absl::ConsumeSuffix(&expression, "}");
  return absl::StripAsciiWhitespace(expression);
}

// Appends each ending to each text. Returns whether the result is within the
// bounds; if not, `texts` is left alone. Texts that get one ending are appended
// to in place, so that many pieces cost no more than their length.
bool AppendToEach(const Values& endings, Values& texts, size_t& bytes) {
  size_t ending_bytes = 0;
  for (const std::string& ending : endings) ending_bytes += ending.size();
  const size_t count = texts.size() * endings.size();
  const size_t total = bytes * endings.size() + ending_bytes * texts.size();
  if (count > kTextsMax || total > kTextBytesMax) return false;
  bytes = total;
  if (endings.size() == 1) {
    for (std::string& text : texts) text += endings[0];
    return true;
  }
  Values longer;
  for (const std::string& text : texts) {
    for (const std::string& ending : endings) longer.push_back(text + ending);
  }
  texts = std::move(longer);
  return true;
}

}  // namespace

std::vector<std::string> Attributes(const ParameterObject& parameter,
                                    absl::string_view key) {
  std::vector<std::string> values;
  for (const Field& attribute : parameter.attributes) {
    if (attribute.key == key) values.push_back(attribute.value);
  }
  return values;
}

std::vector<std::string> LoneNames(absl::string_view text) {
  std::vector<std::string> names;
  for (const Piece& piece : Pieces(text)) {
    if (piece.is_expression) names.emplace_back(Inside(piece.text));
  }
  return names;
}

bool IsOptional(const ParameterObject& parameter) {
  const Values optional = Attributes(parameter, "optional");
  return !optional.empty() && absl::EqualsIgnoreCase(optional[0], "true");
}

ParameterTable::ParameterTable(const Definition& definition,
                               absl::Span<const ParameterValue> overriding)
    : values_(GroupedById(overriding)) {
  // What is there already goes before what is merged.
  values_.merge(GroupedById(definition.values));
  for (const ParameterObject& parameter : definition.parameters) {
    declared_.insert(parameter.id);
    Values defaults = Attributes(parameter, "default");
    if (!defaults.empty())
      values_.try_emplace(parameter.id, std::move(defaults));
    if (IsOptional(parameter) && !values_.contains(parameter.id)) {
      left_out_.insert(parameter.id);
    }
  }
}

const std::vector<std::string>* ParameterTable::Find(
    absl::string_view id) const {
  const auto found = values_.find(id);
  return found == values_.end() ? nullptr : &found->second;
}

bool ParameterTable::Knows(absl::string_view id) const {
  return declared_.contains(id) || values_.contains(id);
}

std::optional<std::vector<std::string>> ParameterTable::Substitute(
    absl::string_view text,
    absl::FunctionRef<bool(absl::string_view)> is_field) const {
  const std::vector<Piece> pieces = Pieces(text);
  if (IsListOfExpressions(pieces)) return Values{std::string(text)};
  Values texts = {""};
  size_t bytes = 0;
  bool left_out = false;
  for (const Piece& piece : pieces) {
    const absl::string_view name = Inside(piece.text);
    const bool may_be_parameter = piece.is_expression && !is_field(name);
    const Values* values = may_be_parameter ? Find(name) : nullptr;
    if (values == nullptr && may_be_parameter && left_out_.contains(name)) {
      left_out = true;
      continue;
    }
    const Values literal = {std::string(piece.text)};
    if (!AppendToEach(values != nullptr ? *values : literal, texts, bytes)) {
      return std::nullopt;
    }
  }
  return left_out && bytes == 0 ? Values() : texts;
}

}  // namespace holdline
