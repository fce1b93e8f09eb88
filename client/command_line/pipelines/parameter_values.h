// The values of parameters on the command line and in files.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_PARAMETER_VALUES_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_PARAMETER_VALUES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/repeated_field.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {

using ParameterValues = google::protobuf::RepeatedPtrField<v1::ParameterValue>;

// `id=value` each: all after the first `=` is the value, which may be empty. An
// id that is repeated has a list of values. INVALID_ARGUMENT, naming the text:
// there is no `=`, or nothing before it.
absl::StatusOr<ParameterValues> ParseParameterValues(
    const std::vector<std::string>& texts);

// `values`, but for each id that is in `others`, all of those instead.
ParameterValues Replaced(const ParameterValues& values,
                         const ParameterValues& others);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_PARAMETER_VALUES_H_
