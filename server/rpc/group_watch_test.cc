// WatchGroups, from its beginning to each of its ends.

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/auth/credentials/credential_store.h"
#include "server/base/steady_time.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A watch, and what it has told.
class Watch {
 public:
  explicit Watch(TestServer& server, const std::string& authorization = "",
                 int interval_milliseconds = 100) {
    if (!authorization.empty()) {
      context_.AddMetadata("authorization", authorization);
    }
    context_.set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
    v1::WatchGroupsRequest request;
    request.set_interval_milliseconds(interval_milliseconds);
    reader_ = server.operations().WatchGroups(&context_, request);
  }

  // Waits for a message. Returns false at the end.
  bool Read(v1::WatchGroupsResponse* message) { return reader_->Read(message); }

  // Waits for the next message, which is to come.
  v1::WatchGroupsResponse Next() {
    v1::WatchGroupsResponse message;
    EXPECT_TRUE(Read(&message));
    return message;
  }

  // Waits for the end, whatever comes before it.
  grpc::Status End() {
    v1::WatchGroupsResponse message;
    while (Read(&message)) {
    }
    return reader_->Finish();
  }

  void Cancel() { context_.TryCancel(); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderInterface<v1::WatchGroupsResponse>> reader_;
};

std::vector<std::string> NamesIn(const v1::WatchGroupsResponse& message) {
  std::vector<std::string> names;
  for (const v1::Group& group : message.groups()) {
    names.push_back(group.worker_group());
  }
  return names;
}

void SubmitTo(TestServer& server, const std::vector<std::string>& groups) {
  v1::SubmitTasksRequest request;
  for (const std::string& group : groups) {
    v1::NewTask* const task = request.add_tasks();
    task->set_worker_group(group);
    task->set_type("T");
  }
  const auto outcome = server.Call(
      server.queue(), &v1::TaskQueue::StubInterface::SubmitTasks, request);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.error_message();
}

// As many groups as two messages hold, more than a connection takes unread.
std::vector<std::string> ManyGroups() {
  std::vector<std::string> groups;
  for (int i = 1000; i < 1600; ++i) {
    groups.push_back(absl::StrCat(i, std::string(1000, 'g')));
  }
  return groups;
}

TEST(GroupWatchTest, TellsAllGroupsAndThenThoseThatChange) {
  TestServer server;
  const std::string task = server.Submit(R"(worker_group: "a" type: "T")");
  SubmitTo(server, {"b"});
  Watch watch(server);
  const v1::WatchGroupsResponse snapshot = watch.Next();
  EXPECT_THAT(NamesIn(snapshot), ElementsAre("a", "b"));
  EXPECT_TRUE(snapshot.snapshot_begins());
  EXPECT_TRUE(snapshot.snapshot_complete());

  SubmitTo(server, {"b"});
  const v1::WatchGroupsResponse change = watch.Next();
  EXPECT_THAT(NamesIn(change), ElementsAre("b"));
  EXPECT_EQ(change.groups(0).ready_tasks(), 2);
  EXPECT_FALSE(change.has_snapshot_begins());
  EXPECT_FALSE(change.has_snapshot_complete());

  v1::CancelTaskRequest cancel;
  cancel.set_name(task);
  server.Call(server.queue(), &v1::TaskQueue::StubInterface::CancelTask,
              cancel);
  const v1::WatchGroupsResponse end = watch.Next();
  EXPECT_THAT(end.groups(), IsEmpty());
  EXPECT_THAT(end.gone_worker_groups(), ElementsAre("a"));
}

TEST(GroupWatchTest, WithoutGroupsTheSnapshotIsEmptyAndComplete) {
  TestServer server;
  Watch watch(server);
  const v1::WatchGroupsResponse snapshot = watch.Next();
  EXPECT_THAT(snapshot.groups(), IsEmpty());
  EXPECT_TRUE(snapshot.snapshot_begins());
  EXPECT_TRUE(snapshot.snapshot_complete());
  SubmitTo(server, {"a"});
  EXPECT_THAT(NamesIn(watch.Next()), ElementsAre("a"));
}

TEST(GroupWatchTest, ALargeSnapshotComesInSeveralMessages) {
  TestServer server;
  const std::vector<std::string> groups = ManyGroups();
  SubmitTo(server, groups);
  Watch watch(server);
  const v1::WatchGroupsResponse first = watch.Next();
  EXPECT_TRUE(first.snapshot_begins());
  EXPECT_FALSE(first.snapshot_complete());
  const v1::WatchGroupsResponse last = watch.Next();
  EXPECT_FALSE(last.snapshot_begins());
  EXPECT_TRUE(last.snapshot_complete());
  std::vector<std::string> told = NamesIn(first);
  for (const std::string& name : NamesIn(last)) told.push_back(name);
  EXPECT_EQ(told, groups);
}

// However much of it lies in the connection, a message has each group once.
TEST(GroupWatchTest, WhoReadsLateIsToldHowThingsAreInTheEnd) {
  TestServer server;
  const std::vector<std::string> groups = ManyGroups();
  SubmitTo(server, groups);
  Watch watch(server);
  for (int i = 0; i < 5; ++i) SubmitTo(server, groups);
  SubmitTo(server, {"last"});
  std::map<std::string, int64_t> ready;
  while (ready.count("last") == 0) {
    const v1::WatchGroupsResponse told = watch.Next();
    for (const v1::Group& group : told.groups()) {
      ready[group.worker_group()] = group.ready_tasks();
    }
    if (testing::Test::HasFailure()) return;
  }
  for (const std::string& group : groups) EXPECT_EQ(ready[group], 6);
}

TEST(GroupWatchTest, MoreThanAnAccountMayHaveAreRefusedUntilOneEnds) {
  TestServer server({.watches_max = 1});
  Watch first(server);
  first.Next();
  const grpc::Status refused = Watch(server).End();
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(refused.error_message(), HasSubstr("limit of 1 open watches"));
  EXPECT_THAT(refused.error_details(), HasSubstr("ThrottlingException"));

  first.Cancel();
  EXPECT_EQ(first.End().error_code(), grpc::StatusCode::CANCELLED);
  const absl::Time deadline = absl::Now() + kPatience;
  bool begun = false;
  while (!begun && absl::Now() < deadline) {
    Watch next(server);
    v1::WatchGroupsResponse message;
    begun = next.Read(&message);
  }
  EXPECT_TRUE(begun);
}

TEST(GroupWatchTest, AnIntervalBeyondItsLimitsIsRefusedByName) {
  TestServer server;
  for (const int interval : {99, 60001}) {
    const grpc::Status status = Watch(server, "", interval).End();
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_THAT(status.error_message(), HasSubstr("intervalMilliseconds"));
  }
}

TEST(GroupWatchTest, AStopEndsItAndTellsItToComeBack) {
  TestServer server({.drain_spread = absl::Milliseconds(50)});
  // One that rests for a minute as well.
  Watch quick(server), slow(server, "", 60000);
  quick.Next();
  slow.Next();
  const absl::Time start = SteadyNow();
  server.server().Drain(start + absl::Seconds(60));
  for (Watch* watch : {&quick, &slow}) {
    const grpc::Status status = watch->End();
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
    EXPECT_THAT(status.error_message(), HasSubstr("stopping"));
  }
  EXPECT_EQ(Watch(server).End().error_code(), grpc::StatusCode::UNAVAILABLE);
  server.server().Stop(start + absl::Seconds(60));
  EXPECT_LT(SteadyNow(), start + absl::Seconds(30));
}

TEST(GroupWatchTest, WhoDoesNotReadDoesNotHoldUpAStop) {
  TestServer server({.drain_spread = absl::Milliseconds(10)});
  SubmitTo(server, ManyGroups());
  Watch watch(server);
  // The server has begun it when it answers what comes after.
  SubmitTo(server, {"a"});
  const absl::Time start = SteadyNow();
  server.server().Stop(start + absl::Seconds(60));
  EXPECT_LT(SteadyNow(), start + absl::Seconds(30));
  EXPECT_FALSE(watch.End().ok());
}

TEST(GroupWatchTest, AConnectionThatIsTooOldEndsItAsUnavailable) {
  TestServer server({.connection_age_max = absl::Milliseconds(100),
                     .connection_age_grace = absl::Milliseconds(100)});
  const grpc::Status status = Watch(server).End();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE)
      << status.error_message();
}

class GroupWatchAccessTest : public testing::Test {
 protected:
  static Credentials Operator(Roles roles, const std::string& account) {
    Credential credential;
    credential.access_key = "operator";
    credential.secret = "secret";
    credential.principal.account = AccountId{account};
    credential.principal.user = "ann";
    credential.principal.roles = roles;
    return Credentials({credential}, {});
  }

  // How a watch ends when other credentials count.
  grpc::Status EndWith(Credentials credentials) {
    Watch watch(server_, "Bearer operator:secret");
    EXPECT_TRUE(watch.Next().snapshot_complete());
    store_.Replace(std::move(credentials));
    const grpc::Status status = watch.End();
    store_.Replace(Operator({Role::kOperator}, "111122223333"));
    return status;
  }

  CredentialStore store_{Operator({Role::kOperator}, "111122223333")};
  TestServer server_{TestCallers{.credentials = &store_}};
};

TEST_F(GroupWatchAccessTest, EndsWhenTheCallerIsNoLongerKnown) {
  const grpc::Status status = EndWith(Credentials());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_THAT(status.error_details(), HasSubstr("UnrecognizedClientException"));
}

TEST_F(GroupWatchAccessTest, EndsWhenTheCallerMayNoLongerWatch) {
  for (const Credentials& credentials :
       {Operator({Role::kRunner}, "111122223333"),
        Operator({Role::kOperator}, "444455556666")}) {
    EXPECT_EQ(EndWith(credentials).error_code(),
              grpc::StatusCode::PERMISSION_DENIED);
  }
}

TEST_F(GroupWatchAccessTest, GoesOnWhileTheCallerStaysWhoItWas) {
  Watch watch(server_, "Bearer operator:secret");
  watch.Next();
  store_.Replace(Operator({Role::kAdministrator}, "111122223333"));
  v1::UpdateGroupRequest update;
  update.set_worker_group("a");
  update.set_paused(true);
  server_.Call(server_.operations(), &v1::Operator::StubInterface::UpdateGroup,
               update, "Bearer operator:secret");
  EXPECT_THAT(watch.Next().groups(), SizeIs(1));
}

TEST_F(GroupWatchAccessTest, TellsNothingOfOtherAccounts) {
  Watch watch(server_, "Bearer operator:secret");
  watch.Next();
  store_.Replace(Operator({Role::kAdministrator}, "444455556666"));
  v1::UpdateGroupRequest update;
  update.set_worker_group("theirs");
  update.set_paused(true);
  server_.Call(server_.operations(), &v1::Operator::StubInterface::UpdateGroup,
               update, "Bearer operator:secret");
  v1::WatchGroupsResponse message;
  EXPECT_FALSE(watch.Read(&message)) << message.ShortDebugString();
}

}  // namespace
}  // namespace holdline
