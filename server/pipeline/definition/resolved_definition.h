// A definition as it takes effect: parameters are substituted (DATAPIPELINE
// section 11) and fields inherited (section 1.6).

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

// The object from which those inherit that name no parent.
inline constexpr absl::string_view kDefaultObject = "Default";

// From how many objects another can inherit, one through the other. Those that
// are farther away are not looked at.
inline constexpr size_t kParentsMax = 32;

// By how many bytes parameters can make a definition longer than it is written.
inline constexpr size_t kGrowthMax = 16 << 20;

struct ResolvedObject {
  std::string id;
  std::string name;

  // Its `type`, own or inherited; empty if it has none, which the type
  // `Default` also means.
  std::string type_name;

  // Null if it has no type or an unknown one.
  const ObjectType* type = nullptr;

  // Its own fields, and these followed by the inherited ones, nearest first. A
  // key that the object has itself is not inherited.
  std::vector<Field> own;
  std::vector<Field> effective;

  // The objects it inherits from, nearest first.
  std::vector<std::string> parents;

  // Why parameters could not be substituted in some of its own fields, which
  // therefore stayed as they are written: the key, and what SubstituteNames()
  // says.
  std::vector<std::pair<std::string, std::string>> failures;

  // One of an unknown type is an activity (section 9.2, at its end).
  ObjectFamily family() const;

  // Returns the rule for a field: that of its type, of a custom activity if its
  // type is unknown, and of any type if it has none. Null if there is none.
  const FieldRule* RuleFor(absl::string_view key) const;

  // Returns the first effective field of this key, or null. It is inherited
  // even where it means nothing for the type, see Applies().
  const Field* Find(absl::string_view key) const;

  // Returns the value of Find(key), or an empty text.
  absl::string_view Text(absl::string_view key) const;

  // Returns the values of all effective fields of this key, in order.
  std::vector<std::string> Values(absl::string_view key) const;

  // Whether the key means something for the object: what is inherited without
  // that is to be ignored. All do for objects without a type, and for those of
  // an unknown one; the user's own always do.
  bool Applies(absl::string_view key) const;

  // Returns the ids that the key refers to, in order; none if it does not
  // apply.
  std::vector<std::string> References(absl::string_view key) const;
};

// Not changed after it was made. All of it but the types is owned.
class ResolvedDefinition {
 public:
  // Never fails: cycles of parents are cut, a parent that does not exist ends
  // the chain, and a parameter without a value is left as it stands. Errors are
  // for Validate() to find. Takes time and memory by the size of the
  // definition, times kParentsMax at most.
  //
  // The values in `overriding` stand in for all that the definition has for the
  // same parameters.
  static ResolvedDefinition Resolve(
      const Definition& definition,
      absl::Span<const ParameterValue> overriding = {});

  // Returns the object, the first of several of one id, or null.
  const ResolvedObject* Find(absl::string_view id) const;

  // One for each object of the definition, in its order.
  absl::Span<const ResolvedObject> objects() const { return objects_; }

  // Returns the values of a parameter, at least one: given, stored, or its
  // default. Null if it has none.
  const std::vector<std::string>* Parameter(absl::string_view id) const {
    return parameters_.Find(id);
  }

  const ParameterTable& parameters() const { return parameters_; }

  // Whether some fields stayed as they are written, because the definition grew
  // beyond kGrowthMax.
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
