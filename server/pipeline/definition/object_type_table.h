// The table of object types: section 9 of DATAPIPELINE as data.

#ifndef HOLDLINE_SERVER_PIPELINE_DEFINITION_OBJECT_TYPE_TABLE_H_
#define HOLDLINE_SERVER_PIPELINE_DEFINITION_OBJECT_TYPE_TABLE_H_

#include <vector>

#include "server/pipeline/definition/object_type.h"

namespace holdline {

// Returns all types with their own fields.
std::vector<ObjectType> ObjectTypeTable();

// Returns the common fields of a family (section 9.1).
std::vector<FieldRule> CommonFieldTable(ObjectFamily family);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_DEFINITION_OBJECT_TYPE_TABLE_H_
