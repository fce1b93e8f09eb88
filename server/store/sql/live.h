// The conditions under which rows are live, in SQL.

#ifndef HOLDLINE_SERVER_STORE_SQL_LIVE_H_
#define HOLDLINE_SERVER_STORE_SQL_LIVE_H_

#include "absl/strings/string_view.h"

namespace holdline {

// Infinite future, the stored end time of what has not ended.
inline constexpr absl::string_view kNotEnded = "9223372036854775807";

// Conditions that a pipeline is not deleted (state 5): the pipeline :pipeline,
// and that of the column `pipeline`.
inline constexpr absl::string_view kPipelineLives =
    "EXISTS (SELECT 1 FROM pipeline WHERE number = :pipeline AND state <> 5) ";
inline constexpr absl::string_view kOfLivePipelines =
    "pipeline IN (SELECT number FROM pipeline WHERE state <> 5) ";

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQL_LIVE_H_
