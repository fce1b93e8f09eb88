// The types that an object of a definition may have, and their fields
// (DATAPIPELINE section 9).

#ifndef HOLDLINE_SERVER_PIPELINE_DEFINITION_OBJECT_TYPE_H_
#define HOLDLINE_SERVER_PIPELINE_DEFINITION_OBJECT_TYPE_H_

#include <cstddef>
#include <limits>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/pipeline/definition/object_family.h"

namespace holdline {

// The kind of the values of a field. All but references are text on the wire.
enum class FieldKind {
  kString,
  kInteger,
  kDouble,
  kBoolean,
  kPeriod,
  kEnumeration,
  kDateTime,
  kReference,
};

inline constexpr double kUnbounded = std::numeric_limits<double>::infinity();
inline constexpr size_t kAnyNumber = std::numeric_limits<size_t>::max();

struct FieldRule {
  absl::string_view name;
  FieldKind kind = FieldKind::kString;
  bool required = false;

  // The most values of the key in one object.
  size_t values_max = 1;

  // For an enumeration, the allowed values, in any case.
  std::vector<absl::string_view> choices = {};

  // For a number, the range, and whether its ends are included.
  double min = -kUnbounded;
  double max = kUnbounded;
  bool ends_allowed = true;

  // For a reference, the allowed families and types of the object. Either list
  // suffices; with both empty any object is allowed.
  std::vector<ObjectFamily> target_families = {};
  std::vector<absl::string_view> target_types = {};

  bool repeated() const { return values_max > 1; }
};

// A group of fields, of which an object has one or none, as `rule` says.
struct FieldGroup {
  enum class Rule {
    kExactlyOne,
    kAtMostOne,
    kShouldHaveOne,  // its lack is worth a warning
  };

  Rule rule = Rule::kExactlyOne;
  std::vector<absl::string_view> names;
};

struct ObjectType {
  absl::string_view name;
  ObjectFamily family = ObjectFamily::kNone;

  // The fields of the type, without CommonFields() of its family.
  std::vector<FieldRule> fields = {};

  std::vector<FieldGroup> groups = {};

  // Fields that must not be set on an object of the type; inherited ones are
  // ignored.
  std::vector<absl::string_view> forbidden = {};

  // For a precondition: whether the service checks it, not a runner.
  bool system_managed = false;
};

// All types, in the order of the table. The data has static lifetime.
absl::Span<const ObjectType> ObjectTypes();

// Returns the type of this name, case-sensitive, or null. Objects without a
// type and those of the type `Default` have none.
const ObjectType* FindObjectType(absl::string_view name);

// The type of objects of unknown types, where these are allowed: an activity
// with arbitrary fields. Its name is empty.
const ObjectType& CustomActivity();

// Returns the fields that all types of a family share (section 9.1).
absl::Span<const FieldRule> CommonFields(ObjectFamily family);

// Returns the rule for a field of the type, own or common, or null.
const FieldRule* FindField(const ObjectType& type, absl::string_view key);

// Returns the rule for a field of any type, for objects without a type, which
// can be inherited from; or null. A key has one kind in all types.
const FieldRule* FindFieldOfAnyType(absl::string_view key);

// Whether the key is user-defined, such as `myInput` or `my_ref` (section 1.1);
// also the name of an encrypted parameter, `*myPassword`.
bool IsUserDefined(absl::string_view key);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_DEFINITION_OBJECT_TYPE_H_
