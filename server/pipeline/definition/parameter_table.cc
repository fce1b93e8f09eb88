#include "server/pipeline/definition/parameter_table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"

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

// Whether its values count as numbers in expressions.
bool IsNumber(const ParameterObject& parameter) {
  const Values type = Attributes(parameter, "type");
  return !type.empty() && (absl::EqualsIgnoreCase(type[0], "Integer") ||
                           absl::EqualsIgnoreCase(type[0], "Double"));
}

// What stands for a parameter that is left out.
const ParameterText& Nothing() {
  static const auto& nothing = *new ParameterText{.values = {""}};
  return nothing;
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
                               absl::Span<const ParameterValue> overriding) {
  ValueMap values = GroupedById(overriding);
  // What is there already goes before what is merged.
  values.merge(GroupedById(definition.values));
  for (auto& [id, texts] : values) texts_[id].values = std::move(texts);
  for (const ParameterObject& parameter : definition.parameters) {
    declared_.insert(parameter.id);
    Values defaults = Attributes(parameter, "default");
    if (!defaults.empty() && !texts_.contains(parameter.id)) {
      texts_[parameter.id].values = std::move(defaults);
    }
    const auto found = texts_.find(parameter.id);
    if (found != texts_.end()) {
      found->second.is_number = IsNumber(parameter);
    } else if (IsOptional(parameter)) {
      left_out_.insert(parameter.id);
    }
  }
  for (auto& [id, text] : texts_) text.is_secret = IsSecretName(id);
}

const std::vector<std::string>* ParameterTable::Find(
    absl::string_view id) const {
  const auto found = texts_.find(id);
  return found == texts_.end() ? nullptr : &found->second.values;
}

bool ParameterTable::Knows(absl::string_view id) const {
  return declared_.contains(id) || texts_.contains(id);
}

absl::StatusOr<SubstitutedTexts> ParameterTable::Substitute(
    absl::string_view text,
    absl::FunctionRef<bool(absl::string_view)> is_field) const {
  bool leaves_out = false;
  bool holds_secret = false;
  absl::StatusOr<Values> texts = SubstituteNames(
      text, [&](absl::string_view name) -> const ParameterText* {
        if (is_field(name)) return nullptr;
        const auto found = texts_.find(name);
        if (found != texts_.end()) {
          holds_secret = holds_secret || found->second.is_secret;
          return &found->second;
        }
        if (!left_out_.contains(name)) return nullptr;
        leaves_out = true;
        return &Nothing();
      });
  if (!texts.ok()) return texts.status();
  if (leaves_out) {
    texts->erase(std::remove(texts->begin(), texts->end(), ""), texts->end());
  }
  return SubstitutedTexts{*std::move(texts), holds_secret};
}

}  // namespace holdline
