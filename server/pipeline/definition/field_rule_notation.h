// A notation for field rules, used in the table of object types.

#ifndef HOLDLINE_SERVER_PIPELINE_DEFINITION_FIELD_RULE_NOTATION_H_
#define HOLDLINE_SERVER_PIPELINE_DEFINITION_FIELD_RULE_NOTATION_H_

#include <cstddef>
#include <initializer_list>

#include "absl/strings/string_view.h"
#include "server/pipeline/definition/object_type.h"

namespace holdline {

using Names = std::initializer_list<absl::string_view>;

inline FieldRule String(absl::string_view name) { return {.name = name}; }

inline FieldRule Boolean(absl::string_view name) {
  return {.name = name, .kind = FieldKind::kBoolean};
}

inline FieldRule PeriodField(absl::string_view name) {
  return {.name = name, .kind = FieldKind::kPeriod};
}

inline FieldRule DateTime(absl::string_view name) {
  return {.name = name, .kind = FieldKind::kDateTime};
}

inline FieldRule Integer(absl::string_view name, double min = -kUnbounded,
                         double max = kUnbounded) {
  return {.name = name, .kind = FieldKind::kInteger, .min = min, .max = max};
}

inline FieldRule Double(absl::string_view name, double min, double max) {
  return {.name = name, .kind = FieldKind::kDouble, .min = min, .max = max};
}

// The price of one hour of a spot instance: more than 0, less than 20.
inline FieldRule BidPrice(absl::string_view name) {
  FieldRule rule = Double(name, 0, 20);
  rule.ends_allowed = false;
  return rule;
}

inline FieldRule OneOf(absl::string_view name, Names choices) {
  return {.name = name, .kind = FieldKind::kEnumeration, .choices = choices};
}

inline FieldRule Reference(absl::string_view name,
                           std::initializer_list<ObjectFamily> families = {}) {
  return {
      .name = name, .kind = FieldKind::kReference, .target_families = families};
}

inline FieldRule ReferenceToType(absl::string_view name,
                                 absl::string_view type) {
  return {.name = name, .kind = FieldKind::kReference, .target_types = {type}};
}

inline FieldRule Required(FieldRule rule) {
  rule.required = true;
  return rule;
}

inline FieldRule Repeated(FieldRule rule, size_t values_max = kAnyNumber) {
  rule.values_max = values_max;
  return rule;
}

inline FieldGroup ExactlyOne(Names names) {
  return {FieldGroup::Rule::kExactlyOne, names};
}

inline FieldGroup AtMostOne(Names names) {
  return {FieldGroup::Rule::kAtMostOne, names};
}

inline FieldGroup ShouldHaveOne(Names names) {
  return {FieldGroup::Rule::kShouldHaveOne, names};
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_DEFINITION_FIELD_RULE_NOTATION_H_
