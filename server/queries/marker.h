// Markers of paged results (DATAPIPELINE sections 3.9 to 3.11): opaque to
// callers, made from the last item of a page, so that new items do not shift
// the next page.

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

// The kind of result that a marker belongs to.
enum class MarkerKind : char {
  kPipelines = 'p',
  kObjects = 'o',
  kComponentIds = 'c',
  kInstanceIds = 'i',
  kAttemptIds = 'a',
};

// Returns a marker that encodes numbers, at most 200 characters for six.
std::string MakeMarker(MarkerKind kind, std::initializer_list<int64_t> numbers);

// Returns the `count` numbers of a marker. INVALID_ARGUMENT: it is not a marker
// of this kind.
absl::StatusOr<std::vector<int64_t>> ReadMarker(absl::string_view marker,
                                                MarkerKind kind, size_t count);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_MARKER_H_
