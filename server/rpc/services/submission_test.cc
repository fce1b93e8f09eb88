#include "server/rpc/services/submission.h"

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;

const AccountId kAccount{"000000000000"};
const absl::Time kNow = absl::FromUnixSeconds(1355270400);

v1::SubmitTasksRequest ParseRequest(const std::string& text) {
  v1::SubmitTasksRequest request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request));
  return request;
}

absl::StatusOr<Submit> Make(const std::string& text) {
  return MakeSubmit(kAccount, ParseRequest(text), kNow, 1 << 20);
}

TEST(SubmissionTest, TakesTheDefaultsOfTheContract) {
  const auto submit = Make(R"pb(tasks { worker_group: "g" type: "T" })pb");
  ASSERT_TRUE(submit.ok()) << submit.status();
  EXPECT_EQ(submit->request_id, "");
  ASSERT_EQ(submit->tasks.size(), 1u);
  const Submission& task = submit->tasks[0];
  EXPECT_EQ(task.spec.group, (GroupKey{kAccount, "g"}));
  EXPECT_EQ(task.spec.type, "T");
  EXPECT_EQ(task.spec.retry, RetryPolicy());
  EXPECT_EQ(task.spec.timeouts, Timeouts());
  EXPECT_EQ(task.not_before, absl::InfinitePast());
}

TEST(SubmissionTest, TakesWhatWasGiven) {
  const auto submit = Make(R"pb(
    tasks {
      worker_group: "g"
      type: "T"
      priority: 3
      fairness_key: "f"
      not_before { seconds: 1355270500 nanos: 5 }
      retry_policy {
        attempts: 7
        delay { seconds: 1 nanos: 500000000 }
        backoff: 2
        delay_max { seconds: 60 }
        jitter: 0.5
      }
      acknowledge_timeout { seconds: 10 }
      report_progress_timeout { seconds: 20 }
      attempt_timeout { seconds: 30 }
    })pb");
  ASSERT_TRUE(submit.ok()) << submit.status();
  const Submission& task = submit->tasks[0];
  EXPECT_EQ(task.spec.priority, 3);
  EXPECT_EQ(task.spec.fairness_key, "f");
  EXPECT_EQ(task.spec.retry, (RetryPolicy{7, absl::Milliseconds(1500), 2,
                                          absl::Minutes(1), 0.5}));
  EXPECT_EQ(task.spec.timeouts, (Timeouts{absl::Seconds(10), absl::Seconds(20),
                                          absl::Seconds(30)}));
  EXPECT_EQ(task.not_before, kNow + absl::Seconds(100) + absl::Nanoseconds(5));
  EXPECT_THAT(task.payload, HasSubstr("@T_2012-12-12T00:01:40"));
}

TEST(SubmissionTest, NamesTheTaskThatIsNotWhole) {
  EXPECT_THAT(std::string(Make("").status().message()),
              HasSubstr("Value at 'tasks' failed"));
  EXPECT_THAT(std::string(Make(R"pb(tasks { worker_group: "g" type: "T" }
                                    tasks { worker_group: "g" })pb")
                              .status()
                              .message()),
              HasSubstr("Value at 'tasks[1].type' failed"));
}

TEST(SubmissionTest, OnlyARequestWithAnIdHasFingerprints) {
  const std::string tasks = R"pb(tasks { worker_group: "g" type: "T" })pb";
  EXPECT_EQ(Make(tasks)->fingerprint, 0u);
  const auto submit = Make(tasks + " request_id: 'r'");
  EXPECT_NE(submit->fingerprint, 0u);
  EXPECT_TRUE(submit->former_fingerprint.has_value());
}

}  // namespace
}  // namespace holdline
