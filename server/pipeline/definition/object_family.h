// Families of object types: activity, data node, resource and others
// (DATAPIPELINE section 9).

#ifndef HOLDLINE_SERVER_PIPELINE_DEFINITION_OBJECT_FAMILY_H_
#define HOLDLINE_SERVER_PIPELINE_DEFINITION_OBJECT_FAMILY_H_

namespace holdline {

enum class ObjectFamily {
  kNone,  // no type: Default, a mix-in
  kActivity,
  kDataNode,
  kResource,
  kPrecondition,
  kAction,
  kSchedule,
  kDatabase,
  kDataFormat,
  kUtility,
};

// Whether objects of the family get instances and statuses (section 1.1).
constexpr bool IsRunnable(ObjectFamily family) {
  return family == ObjectFamily::kActivity ||
         family == ObjectFamily::kDataNode ||
         family == ObjectFamily::kResource ||
         family == ObjectFamily::kPrecondition;
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_DEFINITION_OBJECT_FAMILY_H_
