// The gateway's limits and timings.

#ifndef HOLDLINE_SERVER_GATEWAY_OPTIONS_H_
#define HOLDLINE_SERVER_GATEWAY_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/auth/sigv4/signature.h"
#include "server/auth/tls/tls_options.h"
#include "server/gateway/client_patience.h"

namespace holdline {

// The calls whose signature must not be used a second time.
enum class ReplayCheck {
  kNone,
  kChanges,  // those that may change something
  kAll,
};

struct GatewayOptions {
  // Where to listen, `HOST:PORT`; port 0 is any free one. Beyond loopback there
  // must be credentials.
  std::string address = "127.0.0.1:7071";

  TlsOptions tls = {};

  // The accepted signatures, and the check for replays. At most
  // `signatures_max` are remembered for each access key.
  SignatureOptions signatures = {};
  ReplayCheck replays = ReplayCheck::kChanges;
  size_t signatures_max = 100000;

  // Clients that are known to hang up early.
  std::vector<KnownClient> clients = StockClients();

  // The most connections. For a further one, the one that has waited longest
  // for its client is closed; if all have calls under way, the further one is
  // closed, after a 503 if it does not use TLS.
  int connections_max = 10000;

  // The most bytes of a request's line and headers, and of its body.
  uint32_t header_bytes_max = 16 << 10;
  uint64_t body_bytes_max = uint64_t{24} << 20;

  // The most bytes of the bodies of all requests, but small ones, until they
  // are handed on; further requests are answered 503.
  uint64_t memory_max = uint64_t{1} << 30;

  // Time limits: for the TLS handshake, the headers and the body of a request,
  // the sending of an answer, and an idle connection.
  absl::Duration handshake_timeout = absl::Seconds(10);
  absl::Duration header_timeout = absl::Seconds(30);
  absl::Duration body_timeout = absl::Seconds(60);
  absl::Duration write_timeout = absl::Seconds(30);
  absl::Duration idle_timeout = absl::Seconds(120);

  // How long the broker may take: longer than it holds a poll.
  absl::Duration call_timeout = absl::Seconds(95);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_OPTIONS_H_
