#include "server/pipeline/definition/object_type.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "server/pipeline/definition/object_type_table.h"

namespace holdline {
namespace {

const std::vector<ObjectType>& Table() {
  static const auto& table = *new std::vector<ObjectType>(ObjectTypeTable());
  return table;
}

const FieldRule* FindRule(absl::Span<const FieldRule> rules,
                          absl::string_view key) {
  const auto found =
      std::find_if(rules.begin(), rules.end(),
                   [key](const FieldRule& rule) { return rule.name == key; });
  return found == rules.end() ? nullptr : &*found;
}

using FieldsByName = absl::flat_hash_map<absl::string_view, const FieldRule*>;

FieldsByName FieldsOfAllTypes() {
  FieldsByName fields;
  for (const ObjectType& type : Table()) {
    for (const FieldRule& rule : CommonFields(type.family)) {
      fields.try_emplace(rule.name, &rule);
    }
    for (const FieldRule& rule : type.fields) {
      fields.try_emplace(rule.name, &rule);
    }
  }
  return fields;
}

}  // namespace

absl::Span<const ObjectType> ObjectTypes() { return Table(); }

const ObjectType* FindObjectType(absl::string_view name) {
  static const auto& types = *[] {
    auto* by_name =
        new absl::flat_hash_map<absl::string_view, const ObjectType*>;
    for (const ObjectType& type : Table()) by_name->emplace(type.name, &type);
    return by_name;
  }();
  const auto found = types.find(name);
  return found == types.end() ? nullptr : found->second;
}

const ObjectType& CustomActivity() {
  static const auto& type =
      *new ObjectType{.name = "", .family = ObjectFamily::kActivity};
  return type;
}

absl::Span<const FieldRule> CommonFields(ObjectFamily family) {
  static const auto& tables = *[] {
    constexpr int kFamilies = static_cast<int>(ObjectFamily::kUtility) + 1;
    auto* by_family = new std::array<std::vector<FieldRule>, kFamilies>;
    for (int i = 0; i < kFamilies; ++i) {
      (*by_family)[i] = CommonFieldTable(static_cast<ObjectFamily>(i));
    }
    return by_family;
  }();
  return tables[static_cast<int>(family)];
}

const FieldRule* FindField(const ObjectType& type, absl::string_view key) {
  const FieldRule* rule = FindRule(type.fields, key);
  return rule != nullptr ? rule : FindRule(CommonFields(type.family), key);
}

const FieldRule* FindFieldOfAnyType(absl::string_view key) {
  static const auto& fields = *new FieldsByName(FieldsOfAllTypes());
  const auto found = fields.find(key);
  return found == fields.end() ? nullptr : found->second;
}

bool IsUserDefined(absl::string_view key) {
  absl::ConsumePrefix(&key, "*");
  return absl::ConsumePrefix(&key, "my") && !key.empty() &&
         (absl::ascii_isupper(key[0]) || key[0] == '_');
}

}  // namespace holdline
