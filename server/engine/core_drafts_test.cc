// Definitions are judged apart from the planner, which others need meanwhile.

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/engine/core.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

// A core whose drafts are judged when the test says so, and which keeps
// nothing.
class CoreDrafts : public ::testing::Test {
 protected:
  CoreDrafts() {
    PlannerSurroundings surroundings;
    surroundings.encode = [](const std::string&,
                             absl::Span<const PipelineObject>) {
      return std::string("payload");
    };
    surroundings.read = [](const InstanceKey&) {
      return std::optional<Instance>();
    };
    surroundings.was_deleted = [](const AccountId&, const std::string&) {
      return true;
    };
    core_.emplace(CoreOptions(), State(), PipelineRows(), surroundings, now_);
    Say(CreatePipeline{account_, "", kId, "p", "p", "", {}});
  }

  CallId Say(PipelineCommand command) {
    const CallId call{++last_call_};
    core_->Handle({.call = call, .now = now_}, std::move(command));
    Turn();
    return call;
  }

  // The judged draft comes after so much time.
  void Pass(absl::Duration time) { now_ += time; }

  // Judges the draft that has waited longest.
  void JudgeOne() {
    const Draft draft = std::move(drafts_.front());
    drafts_.erase(drafts_.begin());
    Say(Judge(draft));
  }

  void Turn() {
    CoreOutput output = core_->TakeOutput();
    for (Draft& draft : output.drafts) drafts_.push_back(std::move(draft));
    for (Reply& reply : output.replies) {
      replies_.insert_or_assign(reply.call, std::move(reply.body));
    }
  }

  bool IsDone(CallId call) const {
    const auto reply = replies_.find(call);
    return reply != replies_.end() &&
           !std::holds_alternative<absl::Status>(reply->second);
  }

  static constexpr char kId[] = "df-1";
  const AccountId account_{"account"};
  absl::Time now_ = absl::FromUnixSeconds(1355363450);
  std::optional<Core> core_;
  std::vector<Draft> drafts_;
  std::map<CallId, ReplyBody> replies_;

 private:
  uint64_t last_call_ = 0;
};

TEST_F(CoreDrafts, AreAnsweredOnceTheyAreJudged) {
  const CallId put = Say(PutDefinition{account_, kId, HelloPipeline()});
  EXPECT_FALSE(replies_.contains(put));
  JudgeOne();
  EXPECT_TRUE(IsDone(put));
  const CallId activate = Say(ActivatePipeline{account_, kId, {}, {}});
  EXPECT_FALSE(replies_.contains(activate));
  JudgeOne();
  EXPECT_TRUE(IsDone(activate));
}

TEST_F(CoreDrafts, LetOthersOfTheirPipelineWaitInOrder) {
  const CallId put = Say(PutDefinition{account_, kId, HelloPipeline()});
  const CallId again = Say(PutDefinition{account_, kId, ShellPipeline()});
  const CallId erase = Say(DeletePipeline{account_, kId});
  EXPECT_THAT(drafts_, SizeIs(1));
  JudgeOne();
  core_->Advance(now_, 1, 1);
  Turn();
  EXPECT_TRUE(IsDone(put));
  EXPECT_FALSE(replies_.contains(erase));
  JudgeOne();
  core_->Advance(now_, 1, 1);
  Turn();
  EXPECT_TRUE(IsDone(again));
  EXPECT_TRUE(IsDone(erase));
  EXPECT_THAT(core_->planner().state().pipelines, IsEmpty());
}

TEST_F(CoreDrafts, DoNotHoldOtherPipelines) {
  Say(PutDefinition{account_, kId, HelloPipeline()});
  Say(CreatePipeline{account_, "", "df-2", "q", "q", "", {}});
  EXPECT_TRUE(IsDone(Say(DeletePipeline{account_, "df-2"})));
}

TEST_F(CoreDrafts, LeaveNothingToDoUntilTheyAreJudged) {
  Say(PutDefinition{account_, kId, HelloPipeline()});
  Say(DeletePipeline{account_, kId});
  EXPECT_FALSE(core_->planner().HasLeft());
  EXPECT_GT(core_->NextDeadline(), now_);
  JudgeOne();
  EXPECT_TRUE(core_->planner().HasLeft());
}

// A schedule that begins with the first activation is compiled by the time that
// is stored, or a restart would find other intervals.
TEST_F(CoreDrafts, AreActivatedAtTheTimeByWhichTheyWereCompiled) {
  Say(PutDefinition{account_, kId, HelloPipeline()});
  JudgeOne();
  const absl::Time asked = now_;
  Say(ActivatePipeline{account_, kId, {}, {}});
  Pass(absl::Seconds(5));
  JudgeOne();
  EXPECT_EQ(core_->planner()
                .state()
                .pipelines.at(PipelineNumber{1})
                .record.first_activated_at,
            asked);
}

// One that was given out before the state was loaded again.
TEST_F(CoreDrafts, OfOthersMeanNothing) {
  const CallId put = Say(PutDefinition{account_, kId, HelloPipeline()});
  DraftJudged stale = Judge(drafts_.front());
  stale.call = CallId{1000};
  Say(stale);
  stale.pipeline = PipelineNumber{1000};
  Say(stale);
  EXPECT_FALSE(replies_.contains(put));
  JudgeOne();
  EXPECT_TRUE(IsDone(put));
}

}  // namespace
}  // namespace holdline
