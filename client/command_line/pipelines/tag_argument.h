// Tags as they are typed.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_TAG_ARGUMENT_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_TAG_ARGUMENT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/repeated_field.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {

using Tags = google::protobuf::RepeatedPtrField<v1::Tag>;

// `key=value` each: all after the first `=` is the value, which may be empty.
// INVALID_ARGUMENT, naming the text: there is no `=`, or nothing before it.
absl::StatusOr<Tags> ParseTags(const std::vector<std::string>& texts);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_TAG_ARGUMENT_H_
