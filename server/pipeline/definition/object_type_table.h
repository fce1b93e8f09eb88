// The table of section 9 of DATAPIPELINE as data: the one place that knows it.

#ifndef HOLDLINE_SERVER_PIPELINE_DEFINITION_OBJECT_TYPE_TABLE_H_
#define HOLDLINE_SERVER_PIPELINE_DEFINITION_OBJECT_TYPE_TABLE_H_

#include <vector>

#include "server/pipeline/definition/object_type.h"

namespace holdline {

// Every type with its own fields.
std::vector<ObjectType> ObjectTypeTable();

// The groups of section 9.1 that hold for a family.
std::vector<FieldRule> CommonFieldTable(ObjectFamily family);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_DEFINITION_OBJECT_TYPE_TABLE_H_
