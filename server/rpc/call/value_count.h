// The number of values in an encoded message, counted before it is parsed: an
// empty message takes two bytes on the wire and fifty or more in memory.

#ifndef HOLDLINE_SERVER_RPC_CALL_VALUE_COUNT_H_
#define HOLDLINE_SERVER_RPC_CALL_VALUE_COUNT_H_

#include <cstdint>
#include <optional>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/zero_copy_stream.h"

namespace holdline {

// Returns the number of values in `bytes`, an encoded message of type `type`,
// as contract.proto defines it: all fields, known or not, nested ones included;
// for a packed list, its bytes. Stops and returns nothing if there are more
// than `values_max`. Allocates no memory.
//
// Sets `is_message` to false, and counts up to the first error, if `bytes` are
// malformed. They must not be parsed then: the parser allocates the claimed
// length of a string before it checks that so many bytes follow.
std::optional<int64_t> CountValues(
    int64_t values_max, const google::protobuf::Descriptor* type,
    google::protobuf::io::ZeroCopyInputStream* bytes, bool* is_message);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_VALUE_COUNT_H_
