// The task runners: who holds calls and leases, and who drains.
//
// A runner is known by the task runner id of its heartbeats and by the hostname
// of its polls; a heartbeat that names its host says that both are one.

#ifndef HOLDLINE_SERVER_BROKER_RUNNERS_H_
#define HOLDLINE_SERVER_BROKER_RUNNERS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "server/broker/ids.h"
#include "server/broker/reply.h"
#include "server/broker/update.h"

namespace holdline {

// Not thread-safe.
class Runners {
 public:
  // Learns what is known of a runner now, or that nothing is any more.
  void Learn(const RunnerRecord& record);
  void Forget(const RunnerKey& runner);

  // Counts a call or a lease of a host, or one less. A host without a name is
  // not counted.
  void CountParked(const RunnerKey& host, int change);
  void CountLeased(const RunnerKey& host, int change);

  // Whether polls of the host are to get no task.
  bool IsDraining(const RunnerKey& host) const;

  // What is known of a runner; an unknown one is empty.
  RunnerView View(const RunnerKey& runner) const;

  // The account's runners after `after`, at most `limit` of them. `more` is set
  // to whether others follow. A host that a heartbeat named stands under its
  // task runner id only.
  std::vector<RunnerView> List(const AccountId& account,
                               const std::string& after, int limit,
                               bool* more) const;

 private:
  struct Activity {
    int64_t parked = 0;
    int64_t leased = 0;
  };

  // The runner's host: what its heartbeat named, or else its own name.
  static RunnerKey HostOf(const RunnerRecord& record);

  void Count(const RunnerKey& host, int parked, int leased);

  std::map<RunnerKey, RunnerRecord> records_;
  std::map<RunnerKey, Activity> hosts_;

  // How many records name a host other than themselves, and how many draining
  // records there are for a name or host.
  absl::flat_hash_map<RunnerKey, int> named_hosts_;
  absl::flat_hash_map<RunnerKey, int> draining_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_RUNNERS_H_
