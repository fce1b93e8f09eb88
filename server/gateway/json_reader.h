// AWS JSON to protobuf, by descriptor (DATAPIPELINE section 12.2).

#ifndef HOLDLINE_SERVER_GATEWAY_JSON_READER_H_
#define HOLDLINE_SERVER_GATEWAY_JSON_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "server/gateway/wire_error.h"

namespace holdline {

// How deep objects and lists may be nested in each other.
inline constexpr size_t kJsonDepthMax = 32;

// Fills `message`, which must be empty, from the JSON object `text`; an empty
// text is `{}`. Beside the message it needs no more memory than the longest
// string of the text, whatever else there is in it, and it makes no more of
// the message than `values_max` values: members, known or not, and elements of
// lists.
//
// Members that are unknown are ignored; those that are null count as absent; of
// those that are there twice the last one counts. A whole number may be written
// 10.0. A Timestamp is a number of seconds since 1970 or an ISO 8601 time, UTC
// unless it says otherwise; a Duration a number of seconds or "1.5s"; an
// enumeration its name; bytes are base64.
//
// Returns nothing, or the first error, of the first kind that there is:
//
//  * SerializationException: the text is no JSON object, is nested deeper than
//    kJsonDepthMax, or a member has the wrong JSON type, which null has in a
//    list or map;
//  * InvalidRequestException: an enumeration has no such value, or a required
//    list is missing, which protobuf could not tell from an empty one;
//  * InvalidRequestException, where reading ends: there are too many values.
//
// The error names the member and quotes no value. All other limits are the
// broker's to check.
std::optional<WireError> ReadJson(absl::string_view text,
                                  google::protobuf::Message* message,
                                  int64_t values_max = INT64_MAX);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_JSON_READER_H_
