#include "server/log/pipeline_lines.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/log/observers.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What is written of facts at a level.
std::vector<std::string> Lines(LogLevel level,
                               std::vector<PipelineFact> facts) {
  std::FILE* const stream = std::tmpfile();
  auto log = std::make_unique<Log>(LogOptions{.level = level}, stream,
                                   [] { return absl::UnixEpoch(); });
  PipelineBatch batch;
  batch.facts = std::move(facts);
  LogEngine(log.get()).on_committed({}, batch, {}, absl::UnixEpoch());
  log.reset();
  std::rewind(stream);
  std::string text;
  for (int c; (c = std::getc(stream)) != EOF;) text += static_cast<char>(c);
  std::fclose(stream);
  return absl::StrSplit(text, '\n', absl::SkipEmpty());
}

PipelineChanged Changed(PipelineState state) {
  return {"df-1", AccountId{"acme"}, state};
}

const ComponentName kSayHello = {"df-1", "SayHello", ObjectFamily::kActivity};

InstanceKey SomeRun() {
  return {PipelineNumber{1}, absl::UnixEpoch(), ComponentNumber{1}};
}

TEST(PipelineLines, TheLifeOfAPipelineIsWrittenAtInfo) {
  EXPECT_THAT(
      Lines(
          LogLevel::kInfo,
          {Changed(PipelineState::kPending), Changed(PipelineState::kScheduled),
           Changed(PipelineState::kDeactivating),
           Changed(PipelineState::kInactive), Changed(PipelineState::kFinished),
           Changed(PipelineState::kDeleted)}),
      ElementsAre(
          HasSubstr("info    pipeline_created pipeline=df-1 account=acme"),
          HasSubstr("pipeline_activated"), HasSubstr("pipeline_deactivating"),
          HasSubstr("pipeline_deactivated"), HasSubstr("pipeline_finished"),
          HasSubstr("pipeline_deleted")));
}

TEST(PipelineLines, WhatBecomesOfRunsIsWrittenAtDebug) {
  const std::vector<PipelineFact> facts = {
      RunChanged{SomeRun(), kSayHello, RunStatus::kWaitingForRunner},
      RunAttemptFailed{{SomeRun(), 2}, kSayHello}};
  EXPECT_THAT(Lines(LogLevel::kInfo, facts), IsEmpty());
  EXPECT_THAT(
      Lines(LogLevel::kDebug, facts),
      ElementsAre(HasSubstr("run_changed pipeline=df-1 component=SayHello "
                            "start=1970-01-01T00:00:00 "
                            "status=WAITING_FOR_RUNNER"),
                  HasSubstr("run_attempt_failed pipeline=df-1 "
                            "component=SayHello start=1970-01-01T00:00:00 "
                            "attempt=2")));
}

TEST(PipelineLines, NothingIsWrittenWhereErrorsOnlyAreWanted) {
  EXPECT_THAT(Lines(LogLevel::kError, {Changed(PipelineState::kPending)}),
              IsEmpty());
}

}  // namespace
}  // namespace holdline
