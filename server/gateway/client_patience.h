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

// A kind of clients.
struct KnownClient {
  // The part of their User-Agent, such as `aws-sdk-java/1.`.
  std::string agent;

  // Their default time-out.
  absl::Duration patience;
};

// Returns the clients with time-outs shorter than the 90 seconds of a poll:
// botocore, and with it boto3 and the AWS CLI, 60 seconds; boto 2, 70; the AWS
// SDK for Java 50 (version 1) or 30 (version 2); that for Ruby 60.
std::vector<KnownClient> StockClients();

// Reads `AGENT=DURATION,AGENT=DURATION`. INVALID_ARGUMENT, with the text and
// the form: it has another form.
absl::StatusOr<std::vector<KnownClient>> ParseKnownClients(
    const std::string& text);

// Returns the text that ParseKnownClients reads.
std::string ToString(const std::vector<KnownClient>& clients);

// Used on one thread; time is an argument.
class ClientPatience {
 public:
  // The most remembered clients; beyond, the one whose first hang-up is the
  // longest ago is forgotten.
  static constexpr size_t kClientsMax = 10000;

  // The hang-ups at the same age after which a time-out is assumed; and the
  // tolerance of the age, as a part of it and in seconds, whichever is larger.
  static constexpr int kHangUpsNeeded = 3;
  static constexpr double kToleratedPart = 0.02;
  static constexpr absl::Duration kToleratedMin = absl::Milliseconds(250);

  // The least age of a hang-up that counts.
  static constexpr absl::Duration kAgeMin = absl::Seconds(2);

  // The time after which one hang-up is forgotten. So a client gets the full
  // time again after a while, and one more hang-up is then enough.
  static constexpr absl::Duration kMemory = absl::Hours(1);

  // The first of `known` that fits a client counts.
  explicit ClientPatience(std::vector<KnownClient> known);

  ClientPatience(const ClientPatience&) = delete;
  ClientPatience& operator=(const ClientPatience&) = delete;

  // Returns the time-out of a client; infinite if unknown. `client` identifies
  // it, such as by address and access key; `agent` is its User-Agent.
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
