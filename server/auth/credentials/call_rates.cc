#include "server/auth/credentials/call_rates.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "server/base/error_reason.h"

namespace holdline {
namespace {

constexpr double kBurst = 100;

}  // namespace

CallRateTable AwsCallRates() {
  CallRateTable table;
  for (const char* action :
       {"ActivatePipeline", "CreatePipeline", "DeletePipeline",
        "DescribePipelines", "GetPipelineDefinition", "ListPipelines",
        "PutPipelineDefinition", "SetStatus", "ReportTaskRunnerHeartbeat",
        "ValidatePipelineDefinition", "DeactivatePipeline", "AddTags",
        "RemoveTags"}) {
    table[action] = {1, kBurst};
  }
  for (const char* action :
       {"DescribeObjects", "PollForTask", "QueryObjects"}) {
    table[action] = {2, kBurst};
  }
  for (const char* action :
       {"ReportTaskProgress", "SetTaskStatus", "EvaluateExpression"}) {
    table[action] = {10, kBurst};
  }
  return table;
}

absl::Status CallRates::Admit(absl::string_view account,
                              absl::string_view action, absl::Time now) {
  const auto rate = rates_.find(action);
  if (rate == rates_.end()) return absl::OkStatus();
  absl::MutexLock lock(&mutex_);
  Bucket& bucket = Find(account, action, rate->second, now);
  bucket.tokens = TokensOf(bucket, now);
  // A clock that was set back must not fill the bucket a second time.
  bucket.filled_at = std::max(bucket.filled_at, now);
  if (bucket.tokens < 1) {
    return WithReason(absl::ResourceExhaustedError("Rate exceeded"),
                      "ThrottlingException");
  }
  bucket.tokens -= 1;
  return absl::OkStatus();
}

double CallRates::TokensOf(const Bucket& bucket, absl::Time now) {
  const double seconds =
      std::max(0.0, absl::ToDoubleSeconds(now - bucket.filled_at));
  return std::min(bucket.rate->burst,
                  bucket.tokens + seconds * bucket.rate->calls_per_second);
}

CallRates::Bucket& CallRates::Find(absl::string_view account,
                                   absl::string_view action,
                                   const CallRate& rate, absl::Time now) {
  std::pair<std::string, std::string> name(account, action);
  const auto found = buckets_.find(name);
  if (found != buckets_.end()) return found->second;
  if (buckets_.size() >= kBucketsMax) MakeRoom(now);
  return buckets_.emplace(std::move(name), Bucket{rate.burst, now, &rate})
      .first->second;
}

void CallRates::MakeRoom(absl::Time now) {
  absl::erase_if(buckets_, [now](const auto& entry) {
    return TokensOf(entry.second, now) >= entry.second.rate->burst;
  });
  if (buckets_.size() >= kBucketsMax) buckets_.clear();
}

size_t CallRates::size() const {
  absl::MutexLock lock(&mutex_);
  return buckets_.size();
}

}  // namespace holdline
