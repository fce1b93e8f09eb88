// Timeouts of HTTP clients, known or learned, so that a poll is answered before
// its client hangs up (DATAPIPELINE section 4.2).
//
// The default timeouts of stock clients are known by their User-Agent. A client
// that hung up several times at the same age will do so again: that is learned,
// and forgotten after a while, because clients are reconfigured.

#ifndef HOLDLINE_SERVER_GATEWAY_CLIENT_PATIENCE_H_
#define HOLDLINE_SERVER_GATEWAY_CLIENT_PATIENCE_H_

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace holdline {

// Clients of one kind.
struct KnownClient {
  // What their User-Agent contains, such as `aws-sdk-java/1.`.
  std::string agent;

  // How long they wait for an answer by default.
  absl::Duration patience;
};

// Those that give up before a poll's 90 seconds are over: botocore, and with it
// boto3 and the AWS CLI, after 60 seconds; boto 2 after 70; the AWS SDK for
// Java after 50 (version 1) or 30 (version 2); that for Ruby after 60.
std::vector<KnownClient> StockClients();

// Reads `AGENT=DURATION,AGENT=DURATION`. INVALID_ARGUMENT, which names the text
// and the form: it has another.
absl::StatusOr<std::vector<KnownClient>> ParseKnownClients(
    const std::string& text);

// Returns what ParseKnownClients reads.
std::string ToString(const std::vector<KnownClient>& clients);

// Lives on one thread; time is an argument.
class ClientPatience {
 public:
  // More clients than this are not remembered: the one that was first seen to
  // hang up goes.
  static constexpr size_t kClientsMax = 10000;

  // How often a client has to hang up at the same age, and how much the ages
  // may differ: a part of the age, but at least the other.
  static constexpr int kHangUpsNeeded = 3;
  static constexpr double kToleratedPart = 0.02;
  static constexpr absl::Duration kToleratedMin = absl::Milliseconds(250);

  // Who hangs up earlier than this is in a hurry for another reason.
  static constexpr absl::Duration kAgeMin = absl::Seconds(2);

  // After each such time one of the hang-ups is forgotten. So a client gets the
  // full time again after a while, and if it then hangs up as before, once is
  // enough.
  static constexpr absl::Duration kMemory = absl::Hours(1);

  // `known` are looked at in their order; the first that fits counts.
  explicit ClientPatience(std::vector<KnownClient> known);

  ClientPatience(const ClientPatience&) = delete;
  ClientPatience& operator=(const ClientPatience&) = delete;

  // How long the client waits for an answer; infinite if nothing is known.
  // `client` tells it from others, such as its address and access key; `agent`
  // is its User-Agent.
  absl::Duration Of(absl::string_view client, absl::string_view agent,
                    absl::Time now);

  // The client hung up while a call was held that had arrived `age` before.
  void HungUp(absl::string_view client, absl::Duration age, absl::Time now);

  // How many clients are remembered.
  size_t size() const { return seen_.size(); }

 private:
  struct Seen {
    absl::Duration age;
    int hang_ups = 0;
    absl::Time forget_one_at;
  };

  // Forgets what is over.
  static void Decay(Seen* seen, absl::Time now);

  const std::vector<KnownClient> known_;
  absl::flat_hash_map<std::string, Seen> seen_;
  std::deque<std::string> order_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_CLIENT_PATIENCE_H_
