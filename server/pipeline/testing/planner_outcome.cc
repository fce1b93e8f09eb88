#include "server/pipeline/testing/planner_outcome.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "server/pipeline/model/run_fields.h"

namespace holdline {
namespace {

template <typename Enum>
int64_t Number(Enum value) {
  return static_cast<int64_t>(value);
}

std::string NameOf(const InstanceKey& key) {
  return absl::StrCat(Number(key.pipeline), "/", Number(key.component), "/",
                      Number(key.owner));
}

std::string Describe(const Instance& instance) {
  std::multiset<std::string> waits;
  for (const InstanceKey& on : instance.waiting_on) waits.insert(NameOf(on));
  return absl::StrCat(ToString(instance.status), " retries ",
                      instance.retries_left, instance.rerun ? " again" : "",
                      instance.late ? " late" : "", " ",
                      instance.cancellation_reason, instance.failure.id,
                      " waits for ", absl::StrJoin(waits, " "));
}

// What is compared, as text, by what it is of: each as often as it is there.
using Outcome = std::map<std::string, std::multiset<std::string>>;

Outcome OutcomeOf(const StoredPipelines& disk) {
  Outcome outcome;
  for (const auto& [key, instance] : disk.instances) {
    outcome[NameOf(key)].insert(Describe(instance));
  }
  for (const auto& [key, record] : disk.components) {
    outcome[absl::StrCat(Number(key.first), "/", record.id)].insert(
        absl::StrCat(Number(record.status), " next ", record.next_interval,
                     " latest ", absl::FormatTime(record.latest_run)));
  }
  for (const auto& [number, record] : disk.pipelines) {
    outcome[absl::StrCat(Number(number))].insert(
        std::string(ToString(record.state)));
  }
  for (const auto& [number, notification] : disk.notifications) {
    outcome[notification.object_id].insert(notification.action_id);
  }
  return outcome;
}

}  // namespace

void ExpectSameOutcome(const StoredPipelines& restarted,
                       const StoredPipelines& other) {
  Outcome expected = OutcomeOf(other);
  Outcome found = OutcomeOf(restarted);
  for (const auto& [name, what] : expected) {
    EXPECT_EQ(found[name], what) << name << " after a restart";
  }
  EXPECT_EQ(found.size(), expected.size());
}

}  // namespace holdline
