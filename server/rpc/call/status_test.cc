#include "server/rpc/call/status.h"

#include <string>

#include "gtest/gtest.h"
#include "holdline/v1/contract.pb.h"

namespace holdline {
namespace {

TEST(StatusTest, CarriesCodeMessageAndReason) {
  const grpc::Status status =
      WireStatus(absl::NotFoundError("no task has this taskId"), "id-1");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(status.error_message(), "no task has this taskId");

  v1::ErrorStatus details;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.code(), 5);
  EXPECT_EQ(details.message(), "no task has this taskId");
  ASSERT_EQ(details.details_size(), 1);
  EXPECT_EQ(details.details(0).type_url(),
            "type.googleapis.com/google.rpc.ErrorInfo");
  v1::ErrorReason reason;
  ASSERT_TRUE(reason.ParseFromString(details.details(0).value()));
  EXPECT_EQ(reason.reason(), "TaskNotFoundException");
  EXPECT_EQ(reason.domain(), "holdline");
  EXPECT_EQ(reason.metadata().at("requestId"), "id-1");
}

TEST(StatusTest, NamesEachErrorAsAwsDoes) {
  EXPECT_EQ(ReasonOf(absl::InvalidArgumentError("")),
            "InvalidRequestException");
  EXPECT_EQ(ReasonOf(absl::FailedPreconditionError("")),
            "InvalidRequestException");
  EXPECT_EQ(ReasonOf(absl::NotFoundError("")), "TaskNotFoundException");
  EXPECT_EQ(ReasonOf(absl::ResourceExhaustedError("")), "ThrottlingException");
  EXPECT_EQ(ReasonOf(absl::UnavailableError("")), "ServiceUnavailable");
  EXPECT_EQ(ReasonOf(absl::UnimplementedError("")),
            "UnknownOperationException");
  for (const absl::Status& status :
       {absl::InternalError(""), absl::DeadlineExceededError(""),
        absl::DataLossError(""), absl::UnknownError("")}) {
    EXPECT_EQ(ReasonOf(status), "InternalServiceError");
  }
}

TEST(StatusTest, ANamedReasonGoesBeforeThatOfTheCode) {
  EXPECT_EQ(ReasonOf(WithReason(absl::NotFoundError(""),
                                "PipelineNotFoundException")),
            "PipelineNotFoundException");
}

TEST(StatusTest, ALongMessageIsCutBetweenCharacters) {
  std::string text = "x";
  for (int i = 0; i < 1000; ++i) text += "\u00E4";
  const grpc::Status status = WireStatus(absl::InternalError(text), "id-1");
  EXPECT_EQ(status.error_message(), text.substr(0, 1497) + "...");
  v1::ErrorStatus details;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.message(), status.error_message());
}

}  // namespace
}  // namespace holdline
