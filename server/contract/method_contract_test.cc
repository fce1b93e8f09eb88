#include "server/contract/method_contract.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "gtest/gtest.h"
#include "holdline/v1/contract.pb.h"
#include "server/base/error_reason.h"
#include "server/rpc/testing/all_methods.h"

namespace holdline {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::MethodDescriptor;
using ::testing::AllOf;
using ::testing::HasSubstr;

// The most bytes of JSON that a character takes: a pair of `\uXXXX`.
constexpr double kCharacterBytes = 12;

// More than a number, a time or the name of an enumerator takes.
constexpr double kScalarBytes = 64;

// What a request comes to at most; infinite if no limit bounds it.
struct Size {
  double bytes = 0;
  double values = 0;
};

Size LargestOf(const Descriptor* type);

Size LargestElement(const FieldDescriptor* field, const v1::Limits& limits) {
  if (field->type() == FieldDescriptor::TYPE_STRING) {
    if (!limits.has_max()) return {INFINITY, 1};
    return {static_cast<double>(limits.max()) * kCharacterBytes + 2, 1};
  }
  const Descriptor* type = field->message_type();
  if (type == nullptr || type == google::protobuf::Timestamp::descriptor() ||
      type == google::protobuf::Duration::descriptor()) {
    return {kScalarBytes, 1};
  }
  Size size = LargestOf(type);
  ++size.values;
  return size;
}

// With every field as large as it may be.
Size LargestOf(const Descriptor* type) {
  Size sum{2, 0};
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const v1::Limits& limits = field->options().GetExtension(v1::limits);
    const Size element = LargestElement(field, limits);
    double count = 1;
    if (field->is_repeated()) {
      count = limits.has_items_max() ? static_cast<double>(limits.items_max())
                                     : INFINITY;
      ++sum.values;
    }
    sum.bytes += static_cast<double>(field->json_name().size()) + 6 +
                 count * (element.bytes + 1);
    sum.values += count * element.values;
  }
  return sum;
}

const MethodDescriptor* Method(const std::string& name) {
  for (const MethodDescriptor* method : AllMethods()) {
    if (method->name() == name) return method;
  }
  return nullptr;
}

Principal With(Roles roles) {
  Principal caller;
  caller.account = AccountId{"111122223333"};
  caller.user = "ann";
  caller.roles = roles;
  return caller;
}

TEST(MethodContract, ARequestWhoseFieldsKeepTheirLimitsIsNotTooLarge) {
  for (const MethodDescriptor* method : AllMethods()) {
    const MethodContract contract(method);
    const Size largest = LargestOf(method->input_type());
    if (std::isfinite(largest.bytes)) {
      EXPECT_GE(static_cast<double>(contract.request_bytes_max()),
                largest.bytes)
          << method->full_name();
    }
    if (std::isfinite(largest.values)) {
      EXPECT_GE(static_cast<double>(contract.request_values_max()),
                largest.values)
          << method->full_name();
    }
  }
}

TEST(MethodContract, MethodsThatDeclareNothingAreHeldToTheDefaults) {
  const MethodContract poll(Method("PollForTask"));
  EXPECT_EQ(poll.request_bytes_max(), 131072);
  EXPECT_EQ(poll.request_values_max(), 1000);
  EXPECT_TRUE(poll.CheckBytes(131072).ok());
}

TEST(MethodContract, WhatIsTooLargeIsAClearError) {
  const MethodContract poll(Method("PollForTask"));
  const absl::Status bytes = poll.CheckBytes(131073);
  EXPECT_EQ(bytes.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(bytes.message()),
              AllOf(HasSubstr("PollForTask"), HasSubstr("131072 bytes")));
  const absl::Status values = poll.TooManyValues();
  EXPECT_EQ(values.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(values.message()),
              AllOf(HasSubstr("PollForTask"), HasSubstr("1000 values")));
}

TEST(MethodContract, ARoleThatTheMethodNamesIsEnoughAndNoneIsNot) {
  const MethodContract poll(Method("PollForTask"));
  EXPECT_TRUE(poll.CheckRole(With({Role::kRunner})).ok());
  EXPECT_TRUE(poll.CheckRole(With({Role::kAdministrator})).ok());
  const absl::Status refused =
      poll.CheckRole(With({Role::kSubmitter, Role::kOperator}));
  EXPECT_EQ(refused.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(NamedReason(refused), "AccessDenied");
  EXPECT_EQ(refused.message(),
            "User: arn:aws:iam::111122223333:user/ann is not authorized to "
            "perform: datapipeline:PollForTask");
}

}  // namespace
}  // namespace holdline
