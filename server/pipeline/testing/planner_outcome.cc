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
  return absl::StrCat(Number(key.pipeline), "/", absl::FormatTime(key.start),
                      "/", Number(key.component), "/", Number(key.owner));
}

// What is compared, as text, by what it is of.
std::map<std::string, std::string> OutcomeOf(const PipelineDisk& disk) {
  std::map<std::string, std::string> outcome;
  for (const auto& [key, instance] : disk.instances) {
    std::set<std::string> waits;
    for (const InstanceKey& on : instance.waiting_on) waits.insert(NameOf(on));
    outcome[NameOf(key)] = absl::StrCat(
        ToString(instance.status), " retries ", instance.retries_left,
        instance.rerun ? " again" : "", instance.late ? " late" : "", " ",
        instance.cancellation_reason, instance.failure.id, " waits for ",
        absl::StrJoin(waits, " "));
  }
  for (const auto& [key, record] : disk.components) {
    outcome[absl::StrCat(Number(key.first), "/", record.id)] =
        absl::StrCat(Number(record.status), " next ", record.next_interval,
                     " latest ", absl::FormatTime(record.latest_run));
  }
  for (const auto& [number, record] : disk.pipelines) {
    outcome[absl::StrCat(Number(number))] = std::string(ToString(record.state));
  }
  for (const auto& [number, notification] : disk.notifications) {
    std::string& times = outcome[absl::StrCat(notification.object_id, " sends ",
                                              notification.action_id)];
    times.push_back('I');
  }
  return outcome;
}

}  // namespace

void ExpectSameOutcome(const PipelineDisk& restarted,
                       const PipelineDisk& other) {
  const auto expected = OutcomeOf(other);
  const auto found = OutcomeOf(restarted);
  for (const auto& [name, what] : expected) {
    const auto same = found.find(name);
    EXPECT_EQ(same == found.end() ? "" : same->second, what)
        << name << " after a restart";
  }
  EXPECT_EQ(found.size(), expected.size());
}

}  // namespace holdline
