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

// The number of a task within its account, shown in its name. Increases with
// each submission of the account; never reused. Less than 2^40.
enum class TaskNumber : uint64_t {};

inline constexpr int kTaskNumberBits = 40;

// The id of a task in the whole store: its account's ordinal and its number,
// see AccountRecord. Increases with each submission of the account; never
// reused.
enum class TaskId : uint64_t {};

inline TaskNumber NumberOf(TaskId id) {
  constexpr uint64_t kMask = (uint64_t{1} << kTaskNumberBits) - 1;
  return TaskNumber{static_cast<uint64_t>(id) & kMask};
}

// The id of one lease of one attempt of a task: a fencing token. Increases with
// each lease; never reused. Zero means no lease.
enum class LeaseId : uint64_t {};

inline constexpr LeaseId kNoLease{0};

// The id of a call that awaits its answer. Unique within the process.
enum class CallId : uint64_t {};

// The position of a change in the sequence of changes of worker groups.
// Increases, also across reloads of the state; zero is before all changes.
// Meaningless after the process.
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
