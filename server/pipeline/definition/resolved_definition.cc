#include "server/pipeline/definition/resolved_definition.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "server/pipeline/definition/parameter_table.h"

namespace holdline {
namespace {

using Index = absl::flat_hash_map<std::string, size_t>;
using Failures = std::vector<std::pair<std::string, std::string>>;
using Keys = absl::flat_hash_set<std::string>;

const Field* FindField(absl::Span<const Field> fields, absl::string_view key) {
  const auto found =
      std::find_if(fields.begin(), fields.end(),
                   [key](const Field& field) { return field.key == key; });
  return found == fields.end() ? nullptr : &*found;
}

// What belongs to an object alone.
bool IsInherited(absl::string_view key) {
  return key != "parent" && !absl::StartsWith(key, "@");
}

// References and types are used as they are written (section 8.1).
bool MayHoldExpressions(const Field& field) {
  return !field.is_reference && field.key != "type";
}

// Resolves the objects of one definition.
class Resolver {
 public:
  Resolver(const Definition& definition, const ParameterTable& parameters,
           const Index& index)
      : definition_(definition), parameters_(parameters), index_(index) {}

  ResolvedObject Resolve(const PipelineObject& object) {
    const std::vector<const PipelineObject*> chain = Chain(object);
    ResolvedObject resolved;
    resolved.id = object.id;
    resolved.name = object.name;
    Keys keys;
    for (const PipelineObject* ancestor : chain) {
      for (const Field& field : ancestor->fields) keys.insert(field.key);
    }
    Keys taken;
    for (const PipelineObject* ancestor : chain) {
      const bool is_own = ancestor == &object;
      Failures failures;
      std::vector<Field> fields =
          Substituted(ancestor->fields, is_own, keys, taken, failures);
      if (is_own) {
        resolved.own = fields;
        resolved.failures = std::move(failures);
      } else {
        resolved.parents.push_back(ancestor->id);
      }
      // One whose value was dropped can still be inherited.
      for (Field& field : fields) {
        taken.insert(field.key);
        resolved.effective.push_back(std::move(field));
      }
    }
    SetType(resolved);
    return resolved;
  }

  bool is_cut() const { return growth_ > kGrowthMax; }

 private:
  // The object and those it inherits from, each once.
  std::vector<const PipelineObject*> Chain(const PipelineObject& object) const {
    std::vector<const PipelineObject*> chain;
    const PipelineObject* next = &object;
    while (next != nullptr && chain.size() <= kParentsMax &&
           std::find(chain.begin(), chain.end(), next) == chain.end()) {
      chain.push_back(next);
      next = ParentOf(*next);
    }
    return chain;
  }

  const PipelineObject* ParentOf(const PipelineObject& object) const {
    const Field* named = FindField(object.fields, "parent");
    if (named == nullptr && object.id == kDefaultObject) return nullptr;
    const auto found =
        index_.find(named == nullptr ? kDefaultObject : named->value);
    return found == index_.end() ? nullptr
                                 : &definition_.objects[found->second];
  }

  // The fields that an object has or hands down, but for those in `taken`.
  // `keys` are all that the object will have.
  std::vector<Field> Substituted(absl::Span<const Field> fields, bool is_own,
                                 const Keys& keys, const Keys& taken,
                                 Failures& failures) {
    std::vector<Field> substituted;
    for (const Field& field : fields) {
      if (taken.contains(field.key)) continue;
      if (!is_own && !IsInherited(field.key)) continue;
      if (!MayHoldExpressions(field)) {
        substituted.push_back(field);
        continue;
      }
      SubstitutedTexts values = Values(field, keys, failures);
      for (std::string& value : values.texts) {
        substituted.push_back(
            {field.key, std::move(value), false, values.holds_secret});
      }
    }
    return substituted;
  }

  SubstitutedTexts Values(const Field& field, const Keys& keys,
                          Failures& failures) {
    if (growth_ > kGrowthMax) return {{field.value}};
    // A field that is called like a parameter can still get its value from it.
    const auto is_field = [&](absl::string_view name) {
      return name != field.key && keys.contains(name);
    };
    absl::StatusOr<SubstitutedTexts> values =
        parameters_.Substitute(field.value, is_field);
    if (!values.ok()) {
      failures.emplace_back(field.key, values.status().message());
      return {{field.value}};
    }
    size_t length = 0;
    for (const std::string& value : values->texts) length += value.size();
    if (length > field.value.size()) growth_ += length - field.value.size();
    return *std::move(values);
  }

  static void SetType(ResolvedObject& object) {
    const absl::string_view type = object.Text("type");
    if (type == kDefaultObject) return;
    object.type_name = std::string(type);
    object.type = FindObjectType(type);
  }

  const Definition& definition_;
  const ParameterTable& parameters_;
  const Index& index_;

  // By how many bytes the fields have become longer.
  size_t growth_ = 0;
};

}  // namespace

ObjectFamily ResolvedObject::family() const {
  if (type != nullptr) return type->family;
  return type_name.empty() ? ObjectFamily::kNone : ObjectFamily::kActivity;
}

const FieldRule* ResolvedObject::RuleFor(absl::string_view key) const {
  if (type != nullptr) return holdline::FindField(*type, key);
  if (type_name.empty()) return FindFieldOfAnyType(key);
  return holdline::FindField(CustomActivity(), key);
}

bool ResolvedObject::Applies(absl::string_view key) const {
  return type == nullptr || IsUserDefined(key) ||
         holdline::FindField(*type, key) != nullptr;
}

const Field* ResolvedObject::Find(absl::string_view key) const {
  return FindField(effective, key);
}

absl::string_view ResolvedObject::Text(absl::string_view key) const {
  const Field* field = Find(key);
  return field == nullptr ? absl::string_view() : field->value;
}

std::vector<std::string> ResolvedObject::Values(absl::string_view key) const {
  std::vector<std::string> values;
  for (const Field& field : effective) {
    if (field.key == key) values.push_back(field.value);
  }
  return values;
}

std::vector<std::string> ResolvedObject::References(
    absl::string_view key) const {
  std::vector<std::string> ids;
  if (!Applies(key)) return ids;
  for (const Field& field : effective) {
    if (field.key == key && field.is_reference) ids.push_back(field.value);
  }
  return ids;
}

ResolvedDefinition ResolvedDefinition::Resolve(
    const Definition& definition, absl::Span<const ParameterValue> overriding) {
  ResolvedDefinition resolved;
  resolved.parameters_ = ParameterTable(definition, overriding);
  for (size_t i = 0; i < definition.objects.size(); ++i) {
    resolved.index_.try_emplace(definition.objects[i].id, i);
  }
  Resolver resolver(definition, resolved.parameters_, resolved.index_);
  for (const PipelineObject& object : definition.objects) {
    resolved.objects_.push_back(resolver.Resolve(object));
  }
  resolved.is_cut_ = resolver.is_cut();
  return resolved;
}

const ResolvedObject* ResolvedDefinition::Find(absl::string_view id) const {
  const auto found = index_.find(id);
  return found == index_.end() ? nullptr : &objects_[found->second];
}

}  // namespace holdline
