// Required fields of submitted tasks of known types, so that no task is
// accepted that every runner must fail.

#ifndef HOLDLINE_SERVER_QUERIES_REQUIRED_FIELDS_H_
#define HOLDLINE_SERVER_QUERIES_REQUIRED_FIELDS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline {

// Checks the fields of a task by the rules for objects of this type in
// pipelines, for the types that runners perform (DATAPIPELINE section 9.2).
// Other types are custom, and not checked.
//
// INVALID_ARGUMENT, with `path` and the fields: a required field is missing, or
// a group of which exactly one is needed has none or several.
absl::Status CheckRequiredFields(
    absl::string_view type,
    const google::protobuf::RepeatedPtrField<v1::Field>& fields,
    absl::string_view path);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_REQUIRED_FIELDS_H_
