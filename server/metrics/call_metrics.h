// Metrics of calls and polls.

#ifndef HOLDLINE_SERVER_METRICS_CALL_METRICS_H_
#define HOLDLINE_SERVER_METRICS_CALL_METRICS_H_

#include <array>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "prometheus/counter.h"
#include "prometheus/family.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"
#include "server/rpc/call/observer.h"

namespace holdline {

// Thread-safe. All series exist, at zero, from the start, and no others come:
// the methods are those of the protocol's services, `other` stands for the
// rest, and codes that the protocol does not use are UNKNOWN.
class CallMetrics {
 public:
  // Adds its families to the registry, which is not owned and must outlive
  // this.
  explicit CallMetrics(prometheus::Registry* registry);

  CallMetrics(const CallMetrics&) = delete;
  CallMetrics& operator=(const CallMetrics&) = delete;

  // A call was answered.
  void Answered(const CallFacts& call);

  // A poll has ended.
  void Polled(const PollFacts& poll);

 private:
  static constexpr int kCodes = 17;

  // The counters of a method, by status code.
  using ByCode = std::array<prometheus::Counter*, kCodes>;

  // Returns the counters of a method, which are made now.
  static ByCode AddMethod(prometheus::Family<prometheus::Counter>* family,
                          const std::string& method);

  absl::flat_hash_map<std::string, ByCode> calls_;    // by method
  std::array<prometheus::Counter*, 7> poll_results_;  // by PollOutcome
  prometheus::Histogram& hold_;
  prometheus::Histogram& dispatch_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_METRICS_CALL_METRICS_H_
