#include "server/log/log.h"

#include <unistd.h>

#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class LogTest : public ::testing::Test {
 protected:
  ~LogTest() override { std::fclose(stream_); }

  std::unique_ptr<Log> Open(const LogOptions& options) {
    return std::make_unique<Log>(options, stream_, [this] { return now_; });
  }

  // The lines that were written. No log may be open.
  std::vector<std::string> Lines() {
    std::rewind(stream_);
    std::string text;
    for (int c; (c = std::getc(stream_)) != EOF;) text += static_cast<char>(c);
    return absl::StrSplit(text, '\n', absl::SkipEmpty());
  }

  std::FILE* const stream_ = std::tmpfile();
  absl::Time now_ = absl::FromUnixSeconds(1000);
};

TEST_F(LogTest, WritesALineForAnEvent) {
  Open({})->Write({LogLevel::kInfo, "ready", {{"grpc", "127.0.0.1:1"}}});
  EXPECT_THAT(Lines(), ElementsAre("1970-01-01T00:16:40.000Z info    ready "
                                   "grpc=127.0.0.1:1"));
}

TEST_F(LogTest, LowerLevelsAreNotWritten) {
  auto log = Open({.level = LogLevel::kWarning});
  log->Write({LogLevel::kInfo, "quiet", {}});
  log->WriteThrottled("quiet", {LogLevel::kDebug, "quiet", {}});
  EXPECT_FALSE(log->Wants(LogLevel::kInfo));
  EXPECT_TRUE(log->Wants(LogLevel::kError));
  log.reset();
  EXPECT_THAT(Lines(), IsEmpty());
}

TEST_F(LogTest, TheLevelCanBeChanged) {
  auto log = Open({.level = LogLevel::kWarning});
  log->SetLevel(LogLevel::kDebug);
  EXPECT_TRUE(log->Wants(LogLevel::kDebug));
  log->Write({LogLevel::kDebug, "now", {}});
  log.reset();
  EXPECT_THAT(Lines(), ElementsAre(EndsWith("now")));
}

TEST_F(LogTest, AStreamThatNobodyReadsDoesNotHoldUpTheEnd) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  std::FILE* const unread = fdopen(ends[1], "w");
  auto log = std::make_unique<Log>(LogOptions{.queue_max = 4096}, unread);
  const std::string filler(1000, 'x');
  for (int i = 0; i < 5000; ++i) {
    log->Write({LogLevel::kInfo, "event", {{"filler", filler}}});
  }
  log.reset();
  std::fclose(unread);
  close(ends[0]);
}

TEST_F(LogTest, BracesInAValueAreNoFormat) {
  Open({})->Write({LogLevel::kInfo, "event", {{"value", "{}{0}%s%n"}}});
  EXPECT_THAT(Lines(), ElementsAre(EndsWith("value={}{0}%s%n")));
}

TEST_F(LogTest, AFloodOfSimilarLinesIsThrottledAndCounted) {
  auto log = Open({.similar_per_second_max = 2});
  const LogEvent event{LogLevel::kWarning, "refused", {}};
  for (int i = 0; i < 10; ++i) log->WriteThrottled("refused", event);
  log.reset();
  EXPECT_THAT(Lines(),
              ElementsAre(EndsWith("refused"), HasSubstr("more=\"counted"),
                          EndsWith("refused suppressed=7")));
}

TEST_F(LogTest, WhatWasThrottledIsToldWhileNothingElseHappens) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  std::FILE* const stream = fdopen(ends[1], "w");
  Log log({.similar_per_second_max = 1}, stream);
  for (int i = 0; i < 3; ++i) {
    log.WriteThrottled("refused", {LogLevel::kWarning, "refused", {}});
  }
  std::string text;
  char buffer[4096];
  while (!absl::StrContains(text, "suppressed=1")) {
    const ssize_t n = read(ends[0], buffer, sizeof buffer);
    ASSERT_GT(n, 0);
    text.append(buffer, n);
  }
  close(ends[0]);
}

TEST_F(LogTest, AStalledStreamDropsTheOldestLinesAndNeverTheCaller) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  std::FILE* const stalled = fdopen(ends[1], "w");
  auto log = std::make_unique<Log>(LogOptions{.queue_max = 4}, stalled);
  const std::string filler(1000, 'x');
  for (int i = 0; i < 1000; ++i) {
    log->Write({LogLevel::kInfo, "event", {{"filler", filler}}});
  }
  EXPECT_GT(log->dropped(), 0);

  std::string text;
  std::thread reader([&] {
    char buffer[4096];
    for (ssize_t n; (n = read(ends[0], buffer, sizeof buffer)) > 0;) {
      text.append(buffer, n);
    }
  });
  log->Write({LogLevel::kInfo, "afterwards", {}});
  log.reset();
  std::fclose(stalled);
  reader.join();
  close(ends[0]);
  EXPECT_THAT(text, HasSubstr("log_lines_dropped total="));
  EXPECT_THAT(text, EndsWith("afterwards\n"));
}

}  // namespace
}  // namespace holdline
