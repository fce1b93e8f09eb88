// A definition with parameters substituted (DATAPIPELINE section 11) and fields
// inherited (section 1.6).

#ifndef HOLDLINE_SERVER_PIPELINE_DEFINITION_RESOLVED_DEFINITION_H_
#define HOLDLINE_SERVER_PIPELINE_DEFINITION_RESOLVED_DEFINITION_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/definition/object_type.h"
#include "server/pipeline/definition/parameter_table.h"

namespace holdline {

// The parent of objects that name none.
inline constexpr absl::string_view kDefaultObject = "Default";

// The longest chain of parents. Farther ones are ignored.
inline constexpr size_t kParentsMax = 32;

// The most bytes by which parameters can make a definition longer.
inline constexpr size_t kGrowthMax = 16 << 20;

struct ResolvedObject {
  std::string id;
  std::string name;

  // The `type`, own or inherited; empty if there is none, or for the type
  // `Default`.
  std::string type_name;

  // Null without a type or for an unknown one.
  const ObjectType* type = nullptr;

  // The own fields; and these followed by the inherited ones, nearest first. An
  // own key is not inherited.
  std::vector<Field> own;
  std::vector<Field> effective;

  // The ids of the parents, nearest first.
  std::vector<std::string> parents;

  // Errors of SubstituteNames() by key, for own fields that therefore stay as
  // written.
  std::vector<std::pair<std::string, std::string>> failures;

  // The family of the type; an unknown type is an activity (section 9.2, at its
  // end).
  ObjectFamily family() const;

  // Returns the rule for a field by the type; by CustomActivity() for an
  // unknown type, by any type if there is none. Null if no rule exists.
  const FieldRule* RuleFor(absl::string_view key) const;

  // Returns the first effective field of this key, or null; also one that does
  // not apply to the type, see Applies().
  const Field* Find(absl::string_view key) const;

  // Returns the value of Find(key), or an empty text.
  absl::string_view Text(absl::string_view key) const;

  // Returns the values of all effective fields of this key, in order.
  std::vector<std::string> Values(absl::string_view key) const;

  // Whether the key applies to the object; inherited fields that do not are
  // ignored. All keys apply to objects without a type or of an unknown one,
  // user-defined keys to all.
  bool Applies(absl::string_view key) const;

  // Returns the ids of the references of the key, in order; none if the key
  // does not apply.
  std::vector<std::string> References(absl::string_view key) const;
};

// Immutable; may be read by several threads. Owns all but the types.
class ResolvedDefinition {
 public:
  // Resolves a definition. Never fails: cycles of parents are cut, an unknown
  // parent ends the chain, and a parameter without a value stays as written;
  // Validate() reports the errors. Takes time and memory by the size of the
  // definition, times kParentsMax at most.
  //
  // `overriding` replaces the stored values of the same parameters.
  static ResolvedDefinition Resolve(
      const Definition& definition,
      absl::Span<const ParameterValue> overriding = {});

  // Returns the object of an id, the first of several, or null.
  const ResolvedObject* Find(absl::string_view id) const;

  // The objects, in the order of the definition.
  absl::Span<const ResolvedObject> objects() const { return objects_; }

  // Returns the values of a parameter, at least one: overriding, stored, or
  // default. Null if it has none.
  const std::vector<std::string>* Parameter(absl::string_view id) const {
    return parameters_.Find(id);
  }

  const ParameterTable& parameters() const { return parameters_; }

  // Whether some fields were not substituted, because the definition would have
  // grown by more than kGrowthMax.
  bool is_cut() const { return is_cut_; }

 private:
  ResolvedDefinition() = default;

  std::vector<ResolvedObject> objects_;
  absl::flat_hash_map<std::string, size_t> index_;
  ParameterTable parameters_;
  bool is_cut_ = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_DEFINITION_RESOLVED_DEFINITION_H_
