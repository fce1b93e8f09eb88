// Checks requests against the limits that the protocol declares.
//
// Limits stand in the .proto files, as options of the fields they bind. They
// are read once, into a plan for each message type that has anything to check,
// so that a check costs no more than a walk over what is there.

#ifndef HOLDLINE_SERVER_CONTRACT_VALIDATION_H_
#define HOLDLINE_SERVER_CONTRACT_VALIDATION_H_

#include <memory>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace holdline {

// The error for a value that breaks a rule, in the words that AWS uses.
// `path` is the JSON path of the field, such as `tasks[0].type`; `constraint`
// is a sentence about it, such as `Member must not be null`. Neither may quote
// what the caller sent.
absl::Status ConstraintError(absl::string_view path,
                             absl::string_view constraint);

// The limits of the inputs of some services. Immutable, so thread-safe.
class Validation {
 public:
  explicit Validation(
      std::initializer_list<const google::protobuf::ServiceDescriptor*>
          services);
  ~Validation();

  Validation(const Validation&) = delete;
  Validation& operator=(const Validation&) = delete;

  // Returns OK if `input`, which must be an input of one of the services, keeps
  // all of its limits; otherwise INVALID_ARGUMENT with the first that it does
  // not keep. Never quotes a value.
  absl::Status Check(const google::protobuf::Message& input) const;

 private:
  struct Plan;
  class Walk;

  const Plan* PlanFor(const google::protobuf::Descriptor* type);

  absl::flat_hash_map<const google::protobuf::Descriptor*,
                      std::unique_ptr<Plan>>
      plans_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_CONTRACT_VALIDATION_H_
