#include "server/log/observers.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kSecret[] = "hunter2";

class LogObserversTest : public ::testing::Test {
 protected:
  ~LogObserversTest() override { std::fclose(stream_); }

  void Open(LogLevel level) {
    log_ = std::make_unique<Log>(LogOptions{.level = level}, stream_,
                                 [] { return absl::UnixEpoch(); });
  }

  std::vector<std::string> Close() {
    log_.reset();
    std::rewind(stream_);
    std::string text;
    for (int c; (c = std::getc(stream_)) != EOF;) text += static_cast<char>(c);
    return absl::StrSplit(text, '\n', absl::SkipEmpty());
  }

  void Commit(const Update& update) {
    Batch batch;
    batch.updates.push_back(update);
    LogEngine(log_.get()).on_committed(batch, {}, {}, absl::UnixEpoch());
  }

  std::FILE* const stream_ = std::tmpfile();
  std::unique_ptr<Log> log_;
};

Task SomeTask() {
  Task task;
  task.id = TaskId{7};
  task.spec.group = {{"000000000000"}, "blue"};
  task.spec.type = "ShellCommandActivity";
  task.state.progress = kSecret;
  task.state.cancellation_reason = kSecret;
  return task;
}

TEST_F(LogObserversTest, EachFactIsALineAtDebug) {
  Open(LogLevel::kDebug);
  Commit(TaskSubmitted{SomeTask(), kSecret});
  Commit(TaskLeased{
      TaskId{7},
      {.id = LeaseId{3}, .hostname = "host", .instance_arn = "arn"}});
  Commit(LeaseReturned{TaskId{7}, ReturnReason::kUnacknowledged});
  Commit(AttemptFailed{TaskId{7},
                       FailureCause::kProgressTimeout,
                       {},
                       absl::UnixEpoch(),
                       absl::InfiniteFuture()});
  EXPECT_THAT(
      Close(),
      ElementsAre(EndsWith("task_submitted task=task-7 group=blue "
                           "account=000000000000 type=ShellCommandActivity"),
                  EndsWith("task_leased task=task-7 lease=3 hostname=host "
                           "runner=\"\" instance_arn=arn"),
                  EndsWith("lease_returned task=task-7 reason=unacknowledged"),
                  EndsWith("attempt_failed task=task-7 reason=progress_timeout "
                           "final=true")));
}

TEST_F(LogObserversTest, WhatCallersSaidIsNotWritten) {
  Open(LogLevel::kDebug);
  const absl::Time now = absl::UnixEpoch();
  Commit(TaskSubmitted{SomeTask(), kSecret});
  Commit(ProgressReported{TaskId{7}, now, now, kSecret});
  Commit(AttemptFailed{TaskId{7},
                       FailureCause::kReported,
                       {kSecret, kSecret, kSecret},
                       now,
                       now});
  Commit(TaskCanceled{TaskId{7}, kSecret, now});
  Commit(TaskRetried{SomeTask()});
  RequestRecord request;
  request.request.name = kSecret;
  Commit(RequestRemembered{request});
  Commit(RequestForgotten{{{"000000000000"}, kSecret}});
  const std::vector<std::string> lines = Close();
  EXPECT_THAT(lines, SizeIs(7));
  EXPECT_THAT(lines, Each(Not(HasSubstr(kSecret))));
}

TEST_F(LogObserversTest, FactsAreNotWrittenAtInfo) {
  Open(LogLevel::kInfo);
  Commit(TaskFinished{TaskId{7}, absl::UnixEpoch()});
  EXPECT_THAT(Close(), IsEmpty());
}

TEST_F(LogObserversTest, TheStoresFailureAndRecoveryAreWritten) {
  Open(LogLevel::kInfo);
  const EngineObserver observer = LogEngine(log_.get());
  observer.on_store_status(absl::UnavailableError("the disk is full"));
  observer.on_store_status(absl::OkStatus());
  EXPECT_THAT(Close(),
              ElementsAre(HasSubstr("error   store_failed code=UNAVAILABLE "
                                    "reason=\"the disk is full\""),
                          HasSubstr("info    store_recovered")));
}

TEST_F(LogObserversTest, RefusedCallsAreWrittenWithTheirRequestId) {
  Open(LogLevel::kInfo);
  const RpcObserver observer = LogCalls(log_.get());
  CallFacts call;
  call.method = "TaskQueue/GetTask";
  call.request_id = "r-1";
  call.duration = absl::Milliseconds(1);
  observer.on_call(call);  // succeeded
  call.code = grpc::StatusCode::CANCELLED;
  observer.on_call(call);
  call.code = grpc::StatusCode::NOT_FOUND;
  call.error = "no such task";
  observer.on_call(call);
  call.code = grpc::StatusCode::UNAVAILABLE;
  observer.on_call(call);
  EXPECT_THAT(
      Close(),
      ElementsAre(
          HasSubstr("info    call_refused request_id=r-1 "
                    "method=TaskQueue/GetTask code=NOT_FOUND seconds=0.001 "
                    "reason=\"no such task\""),
          AllOf(HasSubstr("warning call_refused"), HasSubstr("UNAVAILABLE"))));
}

TEST_F(LogObserversTest, AStreamIsWrittenWithItsLengthAndMessages) {
  Open(LogLevel::kDebug);
  const RpcObserver observer = LogCalls(log_.get());
  CallFacts call;
  call.method = "Operator/WatchGroups";
  call.duration = absl::Seconds(90);
  call.messages = 7;
  call.code = grpc::StatusCode::UNAVAILABLE;
  call.error = "the server is stopping";
  observer.on_call(call);
  call.messages = 0;
  observer.on_call(call);
  EXPECT_THAT(
      Close(),
      ElementsAre(
          AllOf(HasSubstr("debug   call_ended"),
                HasSubstr("code=UNAVAILABLE seconds=90 messages=7")),
          AllOf(HasSubstr("warning call_refused"), HasSubstr("messages=0"))));
}

TEST_F(LogObserversTest, AlarmsAreWrittenWithoutWhatTheySay) {
  Open(LogLevel::kInfo);
  Notification notification;
  notification.pipeline_id = "df-1";
  notification.object_id = "@A_2012-12-12T00:00:00";
  notification.action_id = "Alarm";
  notification.subject = notification.message = kSecret;
  const NotifyObserver observer = LogNotifications(log_.get());
  observer.on_event({notification, {{}, true, {}}, "answered 200"});
  observer.on_event({notification, {{}, false, {}}, "answered 503"});
  EXPECT_THAT(
      Close(),
      ElementsAre(
          AllOf(HasSubstr("info    notification_delivered pipeline=df-1"),
                HasSubstr("action=Alarm"), Not(HasSubstr(kSecret))),
          HasSubstr("warning notification_not_delivered")));
}

TEST_F(LogObserversTest, RefusalsOfOneKindAreThrottled) {
  Open(LogLevel::kInfo);
  const RpcObserver observer = LogCalls(log_.get());
  CallFacts call;
  call.code = grpc::StatusCode::INVALID_ARGUMENT;
  for (int i = 0; i < 1000; ++i) observer.on_call(call);
  // And one line with the number of the others.
  EXPECT_THAT(Close(), SizeIs(LogOptions().similar_per_second_max + 1));
}

TEST_F(LogObserversTest, RefusedConnectionsAreWrittenWithTheirReason) {
  Open(LogLevel::kInfo);
  const RpcObserver observer = LogCalls(log_.get());
  observer.connections.on_refused(
      {"192.0.2.1", RefusedConnection::Reason::kTooManyOfAddress});
  EXPECT_THAT(Close(), ElementsAre(HasSubstr(
                           "warning connection_refused address=192.0.2.1 "
                           "reason=too_many_of_address")));
}

}  // namespace
}  // namespace holdline
