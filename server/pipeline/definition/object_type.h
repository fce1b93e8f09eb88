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

// The kind of a field's values. All but references are text on the wire.
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

  // How often the key may stand in one object.
  size_t values_max = 1;

  // Of an enumeration: what it may be, in any case.
  std::vector<absl::string_view> choices = {};

  // Of a number: its range, and whether the ends belong to it.
  double min = -kUnbounded;
  double max = kUnbounded;
  bool ends_allowed = true;

  // Of a reference: what the object that it names may be. It fits if either
  // list has it; with both empty it may be anything.
  std::vector<ObjectFamily> target_families = {};
  std::vector<absl::string_view> target_types = {};

  bool repeated() const { return values_max > 1; }
};

// Fields of which an object needs some.
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

  // Its own fields; those that it shares with its family are CommonFields().
  std::vector<FieldRule> fields = {};

  std::vector<FieldGroup> groups = {};

  // Fields that may be inherited, and are ignored then, but not set on the
  // object itself.
  std::vector<absl::string_view> forbidden = {};

  // Of a precondition: whether the service checks it, and no runner.
  bool system_managed = false;
};

// Every type, in the order of the table. All data here lasts forever.
absl::Span<const ObjectType> ObjectTypes();

// Returns the type of this name, in this case, or null. Objects without a type
// and those of the type `Default` have none.
const ObjectType* FindObjectType(absl::string_view name);

// The type by whose rules objects of an unknown type are treated where these
// are allowed: an activity whose own fields are free. Its name is empty.
const ObjectType& CustomActivity();

// The fields that all types of a family share (section 9.1).
absl::Span<const FieldRule> CommonFields(ObjectFamily family);

// Returns the rule for a field of the type, own or common, or null if the type
// has no such field.
const FieldRule* FindField(const ObjectType& type, absl::string_view key);

// Returns the rule for a field that some type has, which is what objects
// without a type can hand down, or null. A key has one kind in all types.
const FieldRule* FindFieldOfAnyType(absl::string_view key);

// Whether the key is the user's own, such as `myInput` or `my_ref` (section
// 1.1). What an encrypted parameter is called, `*myPassword`, is so too.
bool IsUserDefined(absl::string_view key);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_DEFINITION_OBJECT_TYPE_H_
