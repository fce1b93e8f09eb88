// The name that an error has on the wire, where its code alone would give
// another (DATAPIPELINE section 12.5).

#ifndef HOLDLINE_SERVER_BASE_ERROR_REASON_H_
#define HOLDLINE_SERVER_BASE_ERROR_REASON_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace holdline {

inline constexpr absl::string_view kReasonPayload = "holdline/reason";

// Returns `status` with `reason` as its AWS error name.
inline absl::Status WithReason(absl::Status status, absl::string_view reason) {
  status.SetPayload(kReasonPayload, absl::Cord(reason));
  return status;
}

// Returns the name that WithReason gave, or nothing.
inline std::string NamedReason(const absl::Status& status) {
  const absl::optional<absl::Cord> named = status.GetPayload(kReasonPayload);
  return named.has_value() ? std::string(*named) : std::string();
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BASE_ERROR_REASON_H_
