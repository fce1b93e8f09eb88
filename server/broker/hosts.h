// The hosts that runners poll from, which attribute a poll that names only its
// host to a runner.
//
// A runner written for AWS sends its runner id in heartbeats, with its host and
// worker group, but not in polls. So a runner "stands for" the polls that name
// its host, its worker group (any, if its heartbeats named none) and no runner.
// If exactly one runner stands for a poll, the poll is attributed to it. If
// several do, the poll is attributed to none, and rests while all of them are
// draining.

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

// The polls that a runner stands for: of one host and one worker group; of all
// groups if `worker_group` is empty.
struct Standing {
  const RunnerKey* runner;  // outlives its standing
  RunnerKey host;
  std::string worker_group;
  bool draining = false;
};

// A host is identified by account and host name. Most changes can make held
// calls rest or cease to rest; such methods add to `changed` the held calls
// that may be affected, also those that name their runner. Not thread-safe.
class Hosts {
 public:
  // Begin and end that a runner stands for polls. REQUIRES for Remove: Add was
  // called with the same value.
  void Add(const Standing& standing, std::vector<CallId>* changed);
  void Remove(const Standing& standing, std::vector<CallId>* changed);

  // Sets whether all polls that name the host are drained.
  void SetDraining(const RunnerKey& host, bool draining,
                   std::vector<CallId>* changed);
  bool IsDraining(const RunnerKey& host) const {
    return !draining_.empty() && draining_.contains(host);
  }

  // Whether any runner or host is draining.
  bool any_draining() const { return !draining_.empty(); }

  // Add and remove a held call that names both the host and its runner.
  void AddNamed(const RunnerKey& host, CallId call);
  void RemoveNamed(const RunnerKey& host, CallId call);

  // Calls `change` with the activity of polls that name this host and worker
  // group and no runner.
  void Change(const RunnerKey& host, const std::string& worker_group,
              absl::FunctionRef<void(RunnerActivity&)> change);

  // Whether a poll of that kind is to rest.
  bool Rests(const RunnerKey& host, const std::string& worker_group) const;

  // The runner that a poll of that kind is attributed to; null if none or
  // several stand for it.
  const RunnerKey* RunnerOf(const RunnerKey& host,
                            const std::string& worker_group) const;

  // Call `visit` with the activity of polls that name a host and no runner:
  // VisitOf with those attributed to the runner of `standing`, VisitUnclaimed
  // with those attributed to none.
  void VisitOf(const Standing& standing,
               absl::FunctionRef<void(const RunnerActivity&)> visit) const;
  void VisitUnclaimed(
      const RunnerKey& host,
      absl::FunctionRef<void(const RunnerActivity&)> visit) const;

  // The first host of the account after `after` that has activity attributed to
  // no runner; null if there is none.
  const RunnerKey* NextUnclaimed(const RunnerKey& after) const;

 private:
  // The runners that stand for the same polls.
  struct Stand {
    absl::flat_hash_set<const RunnerKey*> runners;
    size_t draining = 0;
  };

  struct Seat {
    Stand stand;
    RunnerActivity activity;
    bool resting = false;  // as of the last Recheck
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

  // Determines anew whether the polls of a seat rest, and adds them to
  // `changed` if that differs from before.
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
