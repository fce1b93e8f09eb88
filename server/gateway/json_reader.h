// AWS JSON to protobuf, by descriptor (DATAPIPELINE section 12.2).

#ifndef HOLDLINE_SERVER_GATEWAY_JSON_READER_H_
#define HOLDLINE_SERVER_GATEWAY_JSON_READER_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "server/gateway/wire_error.h"

namespace holdline {

// Fills `message`, which must be empty, from the JSON object `text`; an empty
// text is `{}`. Returns nothing, or the first error:
//
//  * SerializationException: the text is no JSON object, is nested deeper than
//    32 levels, or a member has the wrong JSON type;
//  * InvalidRequestException: an enumeration has no such value, or a required
//    list is missing, which protobuf could not tell from an empty one.
//
// Members that are unknown are ignored; those that are null count as absent; of
// those that are there twice the last one counts. All other limits are the
// broker's to check.
std::optional<WireError> ReadJson(absl::string_view text,
                                  google::protobuf::Message* message);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_JSON_READER_H_
