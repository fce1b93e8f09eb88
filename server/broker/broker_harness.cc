#include "server/broker/broker_harness.h"

#include <algorithm>
#include <utility>

namespace holdline {

void BrokerHarness::AdvanceTo(absl::Time time) {
  while (broker_->NextDeadline() <= time) {
    now = std::max(now, broker_->NextDeadline());
    broker_->Advance(Clock(), 100);
    Settle();
  }
  now = time;
}

void BrokerHarness::SetCalendar(absl::Duration by) {
  calendar_is_ahead_ += by;
  broker_->Advance(Clock(), 100);
  Settle();
  AdvanceTo(now);
}

void BrokerHarness::Stall(absl::Duration by) {
  now += by;
  broker_->GiveGrace(Clock(), by);
  AdvanceTo(now);
}

CallId BrokerHarness::Say(TaskCommand what) {
  const CallId call{next_call_++};
  const auto needed = broker_->RecordNeeded(what);
  const bool known = needed.has_value() && diary.contains(*needed);
  const Task* record = known ? &diary.at(*needed) : nullptr;
  broker_->Advance(Clock(), 100);
  broker_->Handle({.call = call, .now = Clock(), .record = record},
                  std::move(what));
  Settle();
  return call;
}

void BrokerHarness::Settle() {
  const absl::Status invariants = broker_->CheckInvariants();
  ASSERT_TRUE(invariants.ok()) << invariants;
  Output output = broker_->TakeOutput();
  Store(output.batch);
  ASSERT_EQ(stored_, broker_->state());
  for (BrokerReply& reply : output.replies) {
    const bool first =
        answers_.emplace(reply.call, std::move(reply.what)).second;
    ASSERT_TRUE(first) << "a call was answered twice";
  }
}

}  // namespace holdline
