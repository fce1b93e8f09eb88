// The conditions under which rows are live, in SQL.

#ifndef HOLDLINE_SERVER_STORE_SQL_LIVE_H_
#define HOLDLINE_SERVER_STORE_SQL_LIVE_H_

#include "absl/strings/string_view.h"

namespace holdline {

// Infinite future, the end of what has not ended.
inline constexpr absl::string_view kNotEnded = "9223372036854775807";

// Of the rows of :pipeline, and of rows with the column `pipeline`: those whose
// pipeline is not deleted, which is state 5.
inline constexpr absl::string_view kPipelineLives =
    "EXISTS (SELECT 1 FROM pipeline WHERE number = :pipeline AND state <> 5) ";
inline constexpr absl::string_view kOfLivePipelines =
    "pipeline IN (SELECT number FROM pipeline WHERE state <> 5) ";

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQL_LIVE_H_
