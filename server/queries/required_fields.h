// Required fields of submitted tasks of known types, so that no task is
// accepted that every runner must fail.

#ifndef HOLDLINE_SERVER_QUERIES_REQUIRED_FIELDS_H_
#define HOLDLINE_SERVER_QUERIES_REQUIRED_FIELDS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline {

// The rules that pipelines have for the fields of an object of this type, for
// those types that runners perform (DATAPIPELINE section 9.2). Other types are
// somebody's own, and free.
//
// INVALID_ARGUMENT, about `path` and naming the fields: one that is required is
// not among `fields`, or there are none or several of those of which one is.
absl::Status CheckRequiredFields(
    absl::string_view type,
    const google::protobuf::RepeatedPtrField<v1::Field>& fields,
    absl::string_view path);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_REQUIRED_FIELDS_H_
