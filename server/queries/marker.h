// Where a page of an answer ends, as callers bring it back for the next one
// (DATAPIPELINE sections 3.9 to 3.11): opaque to them, and made of what the
// page ended with, so that what is new meanwhile moves nothing.

#ifndef HOLDLINE_SERVER_QUERIES_MARKER_H_
#define HOLDLINE_SERVER_QUERIES_MARKER_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace holdline {

// What kind of answer a marker is of.
enum class MarkerKind : char {
  kPipelines = 'p',
  kObjects = 'o',
  kComponentIds = 'c',
  kInstanceIds = 'i',
  kAttemptIds = 'a',
};

// Returns a marker with some numbers: at most 200 characters for six of them.
std::string MakeMarker(MarkerKind kind, std::initializer_list<int64_t> numbers);

// Returns the `count` numbers of a marker, or INVALID_ARGUMENT if it is not one
// of this kind.
absl::StatusOr<std::vector<int64_t>> ReadMarker(absl::string_view marker,
                                                MarkerKind kind, size_t count);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_MARKER_H_
