// Conversion of a JSON scalar to the value of a protobuf field.

#ifndef HOLDLINE_SERVER_GATEWAY_JSON_SCALAR_H_
#define HOLDLINE_SERVER_GATEWAY_JSON_SCALAR_H_

#include <cstdint>
#include <string>
#include <variant>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace holdline {

// A JSON scalar other than null.
using JsonScalar = std::variant<bool, int64_t, uint64_t, double, std::string>;

// The error of a value that was not accepted.
struct ScalarFault {
  enum class Kind {
    kNone,
    kType,        // it is of the wrong type: a SerializationException
    kConstraint,  // it is no value of the enum: an InvalidRequestException
  };

  Kind kind = Kind::kNone;

  // The expected type, such as `a string`; or the sentence about the
  // constraint.
  std::string expected;
};

// Sets `field` of `message` to `value`, or adds it to the list that the field
// is. The field may be of any type but a map. Leaves the message as it is if
// the value is not accepted.
ScalarFault SetScalar(const google::protobuf::FieldDescriptor* field,
                      JsonScalar value, google::protobuf::Message* message);

// Returns what a value of `field` looks like in JSON: `a string`, `an object`.
// It is the element that counts if the field is a list.
std::string ExpectedOf(const google::protobuf::FieldDescriptor* field);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_JSON_SCALAR_H_
