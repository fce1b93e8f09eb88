// Protobuf to AWS JSON, by descriptor (DATAPIPELINE sections 12.2 and 12.3).

#ifndef HOLDLINE_SERVER_GATEWAY_JSON_WRITER_H_
#define HOLDLINE_SERVER_GATEWAY_JSON_WRITER_H_

#include <string>

#include "google/protobuf/message.h"

namespace holdline {

// Returns the message as compact JSON, its members in the order of their names,
// which is how the documented samples have them. Lists and maps are always
// there, other members when they are set, and fields that are ours
// (contract.proto) never; the entries of a map are in the order of their keys.
// Times are numbers of seconds since 1970, lengths of time strings such as
// "1.500s". google.protobuf.Empty, which stands for no answer, is the empty
// text.
std::string WriteJson(const google::protobuf::Message& message);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_JSON_WRITER_H_
