#include "server/gateway/wire_error.h"

#include "gtest/gtest.h"
#include "holdline/v1/contract.pb.h"

namespace holdline {
namespace {

grpc::Status Named(grpc::StatusCode code, const std::string& name) {
  v1::ErrorReason reason;
  reason.set_reason(name);
  v1::ErrorStatus details;
  v1::ErrorStatus::Detail* detail = details.add_details();
  detail->set_type_url("type.googleapis.com/google.rpc.ErrorInfo");
  detail->set_value(reason.SerializeAsString());
  return grpc::Status(code, "words", details.SerializeAsString());
}

TEST(WireErrorTest, WhatTheCallerDidWrongIsA400) {
  for (const grpc::StatusCode code :
       {grpc::StatusCode::INVALID_ARGUMENT,
        grpc::StatusCode::FAILED_PRECONDITION, grpc::StatusCode::NOT_FOUND,
        grpc::StatusCode::RESOURCE_EXHAUSTED}) {
    const WireError error = FromGrpcStatus(Named(code, "SomeException"));
    EXPECT_EQ(error.http_status, 400);
    EXPECT_EQ(error.name, "SomeException");
    EXPECT_EQ(error.message, "words");
  }
}

TEST(WireErrorTest, AFaultOfTheServerIsA500) {
  for (const grpc::StatusCode code :
       {grpc::StatusCode::INTERNAL, grpc::StatusCode::UNKNOWN,
        grpc::StatusCode::DATA_LOSS, grpc::StatusCode::DEADLINE_EXCEEDED}) {
    const WireError error = FromGrpcStatus(Named(code, "InternalServiceError"));
    EXPECT_EQ(error.http_status, 500);
    EXPECT_EQ(error.name, "InternalServiceError");
    // Without a reason, the transport failed: what it says is not passed on.
    const WireError unnamed = FromGrpcStatus(grpc::Status(code, "secret"));
    EXPECT_EQ(unnamed.http_status, 500);
    EXPECT_EQ(unnamed.name, "InternalServiceError");
    EXPECT_EQ(unnamed.message.find("secret"), std::string::npos);
  }
}

TEST(WireErrorTest, AServerThatIsOutOfReachIsA503) {
  EXPECT_EQ(
      FromGrpcStatus(Named(grpc::StatusCode::UNAVAILABLE, "x")).http_status,
      503);
  EXPECT_EQ(
      FromGrpcStatus(grpc::Status(grpc::StatusCode::UNAVAILABLE, "")).name,
      "ServiceUnavailable");
}

}  // namespace
}  // namespace holdline
