// The hosts that runners poll from, and which runner a poll is of that names
// its host only.
//
// A client of AWS names itself in its heartbeats, with its host and its worker
// group, and not in its polls. So a runner stands for the polls that name its
// host and its worker group and no runner; for all worker groups if it named
// none. If one runner stands for a poll, it is that runner's. If several do,
// nobody can tell whose it is: it rests while all of them drain.

#ifndef HOLDLINE_SERVER_BROKER_HOSTS_H_
#define HOLDLINE_SERVER_BROKER_HOSTS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "server/broker/ids.h"

namespace holdline {

// Held calls and leases of a runner or host.
struct RunnerActivity {
  absl::flat_hash_set<CallId> calls;
  int64_t leased = 0;

  bool empty() const { return calls.empty() && leased == 0; }
};

// The polls that a runner stands for: `worker_group` is empty if for all of its
// host.
struct Standing {
  const RunnerKey* runner;  // outlives its standing
  RunnerKey host;
  std::string worker_group;
  bool draining = false;
};

// A host is told by the account and its name. What rests begins or ceases to do
// so with most changes; these add to `changed` the held calls that this may
// concern, whether they name their runner or not. Not thread-safe.
class Hosts {
 public:
  // Lets a runner stand for polls, or no longer. REQUIRES for the latter: it
  // did, so.
  void Add(const Standing& standing, std::vector<CallId>* changed);
  void Remove(const Standing& standing, std::vector<CallId>* changed);

  // Drains all polls that name the host, or no longer.
  void SetDraining(const RunnerKey& host, bool draining,
                   std::vector<CallId>* changed);
  bool IsDraining(const RunnerKey& host) const {
    return !draining_.empty() && draining_.contains(host);
  }

  // Whether any runner or host is draining.
  bool any_draining() const { return !draining_.empty(); }

  // A held call that names the host and its runner, or such a call less.
  void AddNamed(const RunnerKey& host, CallId call);
  void RemoveNamed(const RunnerKey& host, CallId call);

  // Changes what is held in the name of a host and a worker group alone.
  void Change(const RunnerKey& host, const std::string& worker_group,
              absl::FunctionRef<void(RunnerActivity&)> change);

  // Whether such a poll is to get no task.
  bool Rests(const RunnerKey& host, const std::string& worker_group) const;

  // The runner of such a poll; null if none or several stand for it.
  const RunnerKey* RunnerOf(const RunnerKey& host,
                            const std::string& worker_group) const;

  // Call `visit` for what is held in the name of a host alone: what is the
  // runner's that stands so, and what is no runner's.
  void VisitOf(const Standing& standing,
               absl::FunctionRef<void(const RunnerActivity&)> visit) const;
  void VisitUnclaimed(
      const RunnerKey& host,
      absl::FunctionRef<void(const RunnerActivity&)> visit) const;

  // The first host of the account after `after` with something held in its name
  // alone that is no runner's; null if there is none.
  const RunnerKey* NextUnclaimed(const RunnerKey& after) const;

 private:
  // Those who stand for the same polls.
  struct Stand {
    absl::flat_hash_set<const RunnerKey*> runners;
    size_t draining = 0;
  };

  struct Seat {
    Stand stand;
    RunnerActivity activity;
    bool resting = false;  // as of the last time that somebody asked
  };

  struct Host {
    Stand everywhere;  // for all worker groups
    std::map<std::string, Seat> seats;
    absl::flat_hash_set<CallId> named_calls;
  };

  using HostMap = std::map<RunnerKey, Host>;

  bool Rests(const RunnerKey& key, const Host& host, const Stand* stand) const;
  static const RunnerKey* Sole(const Host& host, const Stand* stand);
  static bool IsUnclaimed(const Host& host);

  // Compares with what was true before.
  void Recheck(const RunnerKey& key, const Host& host, Seat& seat,
               std::vector<CallId>* changed) const;
  void RecheckAll(HostMap::iterator it, std::vector<CallId>* changed);
  void Move(const Standing& standing, bool stands,
            std::vector<CallId>* changed);
  void Tidy(HostMap::iterator it, const std::string& worker_group);

  HostMap hosts_;
  absl::flat_hash_set<RunnerKey> draining_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_HOSTS_H_
