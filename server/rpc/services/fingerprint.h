// The digests of requests, which distinguish the repeat of a request from
// another request with the same id. They are stored, so they must not change
// between versions.

#ifndef HOLDLINE_SERVER_RPC_SERVICES_FINGERPRINT_H_
#define HOLDLINE_SERVER_RPC_SERVICES_FINGERPRINT_H_

#include <cstdint>

#include "google/protobuf/message.h"

namespace holdline {

// Returns the first eight bytes, as one number, the first the highest, of the
// SHA-256 of the request in this form:
//  * a number is eight bytes, the highest first; a negative one as its two's
//    complement, a floating one as its IEEE 754 double;
//  * a text is its number of bytes, and the bytes;
//  * a message is the number of its fields that are set, and each of them in
//    the order of the fields' numbers: its number, how many values it has (1 if
//    it is not repeated), and they, in their order;
//  * the values of a map are messages of a key (1) and a value (2), in the
//  order
//    of the bytes that they make here.
// A field that is not known here does not count.
uint64_t Fingerprint(const google::protobuf::Message& request);

// Returns what was stored before December 2026: the same of the request as
// protobuf serializes it. That may change with protobuf's version, and then
// only such a request is refused which was first made before both upgrades. To
// be removed once nobody upgrades from there: a request can be repeated for a
// week at most.
uint64_t FormerFingerprint(const google::protobuf::Message& request);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_SERVICES_FINGERPRINT_H_
