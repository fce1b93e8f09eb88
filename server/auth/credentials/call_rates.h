// Rate limits of calls by account (DATAPIPELINE section 13.3).
//
// A token bucket for each account and action.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_CALL_RATES_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_CALL_RATES_H_

#include <cstddef>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace holdline {

struct CallRate {
  double calls_per_second;
  double burst;
};

// Rates by the name of an action, such as `PollForTask`.
using CallRateTable = absl::flat_hash_map<std::string, CallRate>;

// The rates of AWS. Actions that AWS does not have are not limited.
CallRateTable AwsCallRates();

// Thread-safe; time is an argument.
class CallRates {
 public:
  // The most buckets. Beyond, full ones are forgotten, without effect; if there
  // are none, all are, which allows everybody a burst.
  static constexpr size_t kBucketsMax = 20000;

  // An action that is not in the table is not limited.
  explicit CallRates(CallRateTable rates) : rates_(std::move(rates)) {}

  CallRates(const CallRates&) = delete;
  CallRates& operator=(const CallRates&) = delete;

  // Counts a call of the account at `now`. RESOURCE_EXHAUSTED
  // (`ThrottlingException`, `Rate exceeded`): there were too many; this one is
  // not counted.
  absl::Status Admit(absl::string_view account, absl::string_view action,
                     absl::Time now);

  // How many buckets are kept.
  size_t size() const;

 private:
  struct Bucket {
    double tokens;
    absl::Time filled_at;
    const CallRate* rate;
  };

  // What the bucket holds at `now`.
  static double TokensOf(const Bucket& bucket, absl::Time now);

  Bucket& Find(absl::string_view account, absl::string_view action,
               const CallRate& rate, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void MakeRoom(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const CallRateTable rates_;

  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::pair<std::string, std::string>, Bucket> buckets_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_CALL_RATES_H_
