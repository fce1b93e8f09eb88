// DATAPIPELINE appendix A: all the bytes that a client sees, with a simulated
// clock.
//
// tests/golden/worked_example.txt is a dialogue. `at TIME` sets the clock,
// `await NUMBER` waits for so many ready tasks, `>` is a request and `<` the
// body of its answer, in which only the ids that are made at random have other
// names.

#include <atomic>
#include <cstdint>
#include <fstream>
#include <functional>
#include <memory>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "server/gateway/gateway.h"
#include "server/gateway/raw_client.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

constexpr char kDialogue[] = "tests/golden/worked_example.txt";

class WorkedExample : public testing::Test {
 protected:
  WorkedExample() : server_({}, {}, {}, SimulatedTime()) {
    GatewayOptions options;
    options.address = "127.0.0.1:0";
    gateway_ =
        Gateway::Start(options, {.broker = server_.server().InProcessChannel()})
            .value();
    client_ = std::make_unique<RawClient>(gateway_->address());
  }

  std::function<Now()> SimulatedTime() {
    // It never stands still.
    return [this] { return absl::FromUnixMicros(++microseconds_); };
  }

  void SetTime(absl::string_view text) {
    absl::Time time;
    std::string error;
    ASSERT_TRUE(absl::ParseTime("%Y-%m-%dT%H:%M:%S", text, absl::UTCTimeZone(),
                                &time, &error))
        << error;
    microseconds_ = absl::ToUnixMicros(time);
  }

  void AwaitReady(absl::string_view number) {
    int64_t count = 0;
    ASSERT_TRUE(absl::SimpleAtoi(number, &count));
    const absl::Time limit = absl::Now() + kPatience;
    while (server_.GetGroup("wg").ready_tasks() != count) {
      ASSERT_LT(absl::Now(), limit);
    }
  }

  // Sends `TARGET BODY` and returns the body of the answer.
  std::string Ask(absl::string_view request) {
    const size_t space = request.find(' ');
    const RawClient::Answer answer = client_->Ask(
        std::string(request.substr(0, space)),
        absl::StrReplaceAll(request.substr(space + 1),
                            {{"PIPELINE_ID", pipeline_}, {"TASK_ID", task_}}));
    Learn(answer, "pipelineId", &pipeline_);
    Learn(answer, "taskId", &task_);
    std::string body = answer.body();
    if (!pipeline_.empty()) {
      absl::StrReplaceAll({{pipeline_, "PIPELINE_ID"}}, &body);
    }
    if (!task_.empty()) absl::StrReplaceAll({{task_, "TASK_ID"}}, &body);
    return body;
  }

  // Remembers an id that an answer tells.
  static void Learn(const RawClient::Answer& answer, absl::string_view member,
                    std::string* id) {
    const std::string mark = absl::StrCat("\"", member, "\":\"");
    const size_t begin = answer.body().find(mark);
    if (begin == std::string::npos) return;
    const size_t from = begin + mark.size();
    *id = answer.body().substr(from, answer.body().find('"', from) - from);
  }

  std::atomic<int64_t> microseconds_{0};
  TestServer server_;
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<RawClient> client_;
  std::string pipeline_;
  std::string task_;
};

TEST_F(WorkedExample, IsWhatClientsSeeByteForByte) {
  std::ifstream dialogue(kDialogue);
  ASSERT_TRUE(dialogue.good());
  std::string line;
  std::string answer;
  int answers = 0;
  for (int number = 1; std::getline(dialogue, line); ++number) {
    absl::string_view text = line;
    if (absl::ConsumePrefix(&text, "at ")) {
      SetTime(text);
    } else if (absl::ConsumePrefix(&text, "await ")) {
      AwaitReady(text);
    } else if (absl::ConsumePrefix(&text, "> ")) {
      answer = Ask(text);
    } else if (absl::ConsumePrefix(&text, "<")) {
      EXPECT_EQ(answer, absl::StripPrefix(text, " "))
          << kDialogue << " line " << number;
      ++answers;
    }
  }
  EXPECT_EQ(answers, 15);
}

}  // namespace
}  // namespace holdline
