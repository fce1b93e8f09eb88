// Ids of tasks, leases, calls, accounts and groups.
//
// Each is its own type, so that one cannot be passed for another.

#ifndef HOLDLINE_SERVER_BROKER_IDS_H_
#define HOLDLINE_SERVER_BROKER_IDS_H_

#include <compare>
#include <cstdint>
#include <string>
#include <utility>

#include "server/base/account_id.h"

namespace holdline {

// A task among those of its account, as its name tells it. Rises with each
// submission of the account; never reused. Less than 2^40.
enum class TaskNumber : uint64_t {};

inline constexpr int kTaskNumberBits = 40;

// A task, from submission to history: its account and its number, see
// AccountRecord. Rises with each submission of the account; never reused.
enum class TaskId : uint64_t {};

inline TaskNumber NumberOf(TaskId id) {
  constexpr uint64_t kMask = (uint64_t{1} << kTaskNumberBits) - 1;
  return TaskNumber{static_cast<uint64_t>(id) & kMask};
}

// One lease of one attempt of a task: the fencing token. Rises with each lease;
// never reused. Zero is no lease.
enum class LeaseId : uint64_t {};

inline constexpr LeaseId kNoLease{0};

// A caller who waits for an answer. Lives no longer than the process.
enum class CallId : uint64_t {};

// A place among the changes of worker groups. Rises; zero is before all of
// them. Lives no longer than the process, over reloads of the state.
enum class ChangeNumber : uint64_t {};

// A worker group of an account: compared byte by byte (DATAPIPELINE section
// 4.2).
struct GroupKey {
  AccountId account;
  std::string name;

  friend auto operator<=>(const GroupKey&, const GroupKey&) = default;

  template <typename H>
  friend H AbslHashValue(H state, const GroupKey& group) {
    return H::combine(std::move(state), group.account, group.name);
  }
};

// A task runner of an account, by its task runner id or by its hostname.
struct RunnerKey {
  AccountId account;
  std::string name;

  friend auto operator<=>(const RunnerKey&, const RunnerKey&) = default;

  template <typename H>
  friend H AbslHashValue(H state, const RunnerKey& runner) {
    return H::combine(std::move(state), runner.account, runner.name);
  }
};

// The poller as it names itself: the worker group that it polls, its host, and
// the name of the runner, both of which may be empty. Refers to the texts.
struct Poller {
  const GroupKey& group;
  const std::string& hostname;
  const std::string& taskrunner_id;
};

// A submission of an account, by the name that the submitter gave it.
struct RequestKey {
  AccountId account;
  std::string name;

  friend auto operator<=>(const RequestKey&, const RequestKey&) = default;

  template <typename H>
  friend H AbslHashValue(H state, const RequestKey& request) {
    return H::combine(std::move(state), request.account, request.name);
  }
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_IDS_H_
