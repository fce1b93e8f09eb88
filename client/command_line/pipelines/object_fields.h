// Access to the fields of objects and pipelines by key.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_OBJECT_FIELDS_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_OBJECT_FIELDS_H_

#include <string>
#include <vector>

#include "google/protobuf/repeated_field.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {

using Fields = google::protobuf::RepeatedPtrField<v1::Field>;

// The value of the first field with the key, text or reference. Empty if there
// is none.
std::string ValueOf(const Fields& fields, const std::string& key);

// The references of all fields with the key, in order.
std::vector<std::string> ReferencesOf(const Fields& fields,
                                      const std::string& key);

// Lines of keys and values; a reference is shown as `-> ID`.
std::string FieldsText(const Fields& fields, const std::string& indent);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_OBJECT_FIELDS_H_
