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

// The most texts that one field can become, so that lists upon lists end.
constexpr size_t kTextsMax = 1000;

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

// Returns the name that is all there is between the braces, or what else is
// there.
absl::string_view Inside(absl::string_view expression) {
  absl::ConsumePrefix(&expression, "#{");
  absl::ConsumeSuffix(&expression, "}");
  return absl::StripAsciiWhitespace(expression);
}

void AppendToEach(const Values& endings, Values& texts) {
  Values longer;
  for (const std::string& text : texts) {
    for (const std::string& ending : endings) {
      if (longer.size() == kTextsMax) break;
      longer.push_back(text + ending);
    }
  }
  texts = std::move(longer);
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

std::vector<std::string> ParameterTable::Substitute(
    absl::string_view text,
    absl::FunctionRef<bool(absl::string_view)> is_field) const {
  Values texts = {""};
  bool left_out = false;
  for (const Piece& piece : Pieces(text)) {
    const absl::string_view name = Inside(piece.text);
    const bool may_be_parameter = piece.is_expression && !is_field(name);
    const Values* values = may_be_parameter ? Find(name) : nullptr;
    if (values != nullptr) {
      AppendToEach(*values, texts);
    } else if (may_be_parameter && left_out_.contains(name)) {
      left_out = true;
    } else {
      AppendToEach({std::string(piece.text)}, texts);
    }
  }
  const bool nothing = texts.size() == 1 && texts[0].empty();
  return left_out && nothing ? Values() : texts;
}

}  // namespace holdline
