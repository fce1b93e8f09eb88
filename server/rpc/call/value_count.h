// The number of values in an encoded message, counted before it is parsed: an
// empty message takes two bytes on the wire and fifty or more in memory.

#ifndef HOLDLINE_SERVER_RPC_CALL_VALUE_COUNT_H_
#define HOLDLINE_SERVER_RPC_CALL_VALUE_COUNT_H_

#include <cstdint>
#include <optional>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/zero_copy_stream.h"

namespace holdline {

// Returns how many values the message of type `type` has that `bytes` are,
// counted as contract.proto says: every field there is, known or not, also
// within others; of a packed list, every byte. If there are more than
// `values_max`, reads no further, and returns nothing. Needs no memory.
//
// What is no message is counted up to where that shows, and `is_message` is
// false. It must not be parsed: the parser makes room for a text of the length
// that is claimed before it looks whether so much is there.
std::optional<int64_t> CountValues(
    int64_t values_max, const google::protobuf::Descriptor* type,
    google::protobuf::io::ZeroCopyInputStream* bytes, bool* is_message);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_VALUE_COUNT_H_
