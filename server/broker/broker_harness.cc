#include "server/broker/broker_harness.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace holdline {
namespace {

// Names the parts in which two states differ.
std::string DifferencesOf(const State& stored, const State& state) {
  std::string parts;
  for (const auto& [id, task] : stored.tasks) {
    const auto found = state.tasks.find(id);
    if (found == state.tasks.end() || found->second != task) {
      absl::StrAppend(&parts, " task ", static_cast<uint64_t>(id));
    }
  }
  for (const auto& [id, task] : state.tasks) {
    if (stored.tasks.contains(id)) continue;
    absl::StrAppend(&parts, " unstored task ", static_cast<uint64_t>(id));
  }
  if (stored.groups != state.groups) absl::StrAppend(&parts, " groups");
  if (stored.runners != state.runners) absl::StrAppend(&parts, " runners");
  if (stored.requests != state.requests) absl::StrAppend(&parts, " requests");
  if (stored.accounts != state.accounts) absl::StrAppend(&parts, " accounts");
  if (stored.counters != state.counters) absl::StrAppend(&parts, " counters");
  return parts;
}

}  // namespace

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
  const TaskHistory* stored = needed.has_value() ? disk.Find(*needed) : nullptr;
  const Task* record = stored == nullptr ? nullptr : &stored->task;
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
  const State stored = disk.Load();
  ASSERT_TRUE(stored == broker_->state())
      << "not stored as it is:" << DifferencesOf(stored, broker_->state());
  for (BrokerReply& reply : output.replies) {
    const auto* error = std::get_if<absl::Status>(&reply.what);
    if (error != nullptr && absl::IsResourceExhausted(*error)) ++refused_;
    const bool first =
        answers_.emplace(reply.call, std::move(reply.what)).second;
    ASSERT_TRUE(first) << "a call was answered twice";
  }
}

void BrokerHarness::Store(const Batch& batch) {
  const absl::Status fits = disk.Fits(batch);
  ASSERT_TRUE(fits.ok()) << fits;
  disk.Store(batch);
  facts.insert(facts.end(), batch.updates.begin(), batch.updates.end());
  ended_attempts.insert(ended_attempts.end(), batch.ended_attempts.begin(),
                        batch.ended_attempts.end());
}

}  // namespace holdline
