#include "server/gateway/client_patience.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace holdline {
namespace {

bool AboutTheSame(absl::Duration a, absl::Duration b) {
  return absl::AbsDuration(a - b) <=
         std::max(a * ClientPatience::kToleratedPart,
                  ClientPatience::kToleratedMin);
}

bool ParseKnownClient(absl::string_view text, KnownClient* client) {
  text = absl::StripAsciiWhitespace(text);
  const size_t equals = text.find('=');
  if (equals == absl::string_view::npos || equals == 0) return false;
  client->agent = std::string(text.substr(0, equals));
  return absl::ParseDuration(text.substr(equals + 1), &client->patience) &&
         client->patience > absl::ZeroDuration();
}

}  // namespace

std::vector<KnownClient> StockClients() {
  return {{"Botocore/", absl::Seconds(60)},
          {"aws-cli/", absl::Seconds(60)},
          {"Boto/2.", absl::Seconds(70)},
          {"aws-sdk-java/1.", absl::Seconds(50)},
          {"aws-sdk-java/2.", absl::Seconds(30)},
          {"aws-sdk-ruby", absl::Seconds(60)}};
}

absl::StatusOr<std::vector<KnownClient>> ParseKnownClients(
    const std::string& text) {
  std::vector<KnownClient> clients;
  if (text.empty()) return clients;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    clients.emplace_back();
    if (!ParseKnownClient(part, &clients.back())) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", text,
                       "\" is not a list of AGENT=DURATION, such as "
                       "Botocore/=60s,aws-sdk-java/1.=50s"));
    }
  }
  return clients;
}

std::string ToString(const std::vector<KnownClient>& clients) {
  return absl::StrJoin(clients, ", ",
                       [](std::string* out, const KnownClient& client) {
                         absl::StrAppend(out, client.agent, "=",
                                         absl::FormatDuration(client.patience));
                       });
}

ClientPatience::ClientPatience(std::vector<KnownClient> known)
    : known_(std::move(known)) {}

absl::Duration ClientPatience::Of(absl::string_view client,
                                  absl::string_view agent, absl::Time now) {
  absl::Duration patience = absl::InfiniteDuration();
  const auto known = std::find_if(
      known_.begin(), known_.end(), [agent](const KnownClient& candidate) {
        return absl::StrContains(agent, candidate.agent);
      });
  if (known != known_.end()) patience = known->patience;
  const auto seen = seen_.find(client);
  if (seen == seen_.end()) return patience;
  Decay(&seen->second, now);
  return seen->second.hang_ups < kHangUpsNeeded
             ? patience
             : std::min(patience, seen->second.age);
}

void ClientPatience::HungUp(absl::string_view client, absl::Duration age,
                            absl::Time now) {
  if (age < kAgeMin) return;
  auto found = seen_.find(client);
  if (found == seen_.end()) {
    if (seen_.size() == kClientsMax) {
      seen_.erase(order_.front());
      order_.pop_front();
    }
    found = seen_.emplace(client, Seen{age, 0, now + kMemory}).first;
    order_.emplace_back(client);
  }
  Seen& seen = found->second;
  Decay(&seen, now);
  if (!AboutTheSame(seen.age, age)) seen.hang_ups = 0;
  // Of ages that are about the same the shortest is the safe one.
  seen.age = seen.hang_ups == 0 ? age : std::min(seen.age, age);
  seen.hang_ups = std::min(seen.hang_ups + 1, kHangUpsNeeded);
  seen.forget_one_at = now + kMemory;
}

void ClientPatience::Decay(Seen* seen, absl::Time now) {
  while (seen->hang_ups > 0 && seen->forget_one_at <= now) {
    --seen->hang_ups;
    seen->forget_one_at += kMemory;
  }
}

}  // namespace holdline
