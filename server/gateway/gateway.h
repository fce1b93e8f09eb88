// The JSON gateway: an HTTP/1.1 server that speaks the AWS Data Pipeline wire
// format and calls the broker over gRPC.
//
// No code is specific to an action: `X-Amz-Target` names service and method,
// and the JSON of input and output is converted by descriptor.

#ifndef HOLDLINE_SERVER_GATEWAY_GATEWAY_H_
#define HOLDLINE_SERVER_GATEWAY_GATEWAY_H_

#include <memory>
#include <string>
#include <thread>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "boost/asio/io_context.hpp"
#include "boost/asio/ip/tcp.hpp"
#include "grpcpp/channel.h"
#include "server/auth/credentials/call_rates.h"
#include "server/auth/credentials/credential_store.h"
#include "server/auth/tls/tls_contexts.h"
#include "server/base/request_memory.h"
#include "server/base/steady_notification.h"
#include "server/gateway/admission.h"
#include "server/gateway/broker_channel.h"
#include "server/gateway/connection.h"
#include "server/gateway/observer.h"
#include "server/gateway/options.h"

namespace holdline {

// The collaborators of a gateway. Pointers are not owned and outlive it.
struct GatewayCollaborators {
  std::shared_ptr<grpc::Channel> broker;

  // The gateway's own credentials at the broker, to call on behalf of verified
  // callers: `Bearer ACCESSKEY:SECRET`. Empty if there are no credentials.
  std::string broker_authorization = {};

  // The credentials. Null: signatures are not checked.
  const CredentialStore* credentials = nullptr;

  // Rate limits of accounts. Null: no limits.
  CallRates* rates = nullptr;

  GatewayObserver observer = {};
};

// Thread-safe, but for Stop, which one thread calls.
class Gateway {
 public:
  // Starts to serve.
  //
  // INVALID_ARGUMENT: the address has another form, or is beyond loopback and
  // there are no credentials; or the certificates cannot be used.
  // UNAVAILABLE: the address cannot be listened on. All name what is meant.
  static absl::StatusOr<std::unique_ptr<Gateway>> Start(
      const GatewayOptions& options, GatewayCollaborators collaborators);

  // Stops at once, as Stop with a deadline that has passed.
  ~Gateway();

  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  // The address that it listens on, `HOST:PORT` with the actual port.
  const std::string& address() const { return address_; }

  // Stops: accepts no more connections, closes idle ones, sends answers that
  // are due, and closes the rest at `deadline` of the steady clock. Held calls
  // end when the broker ends them, so it should be told to stop first or
  // meanwhile. Idempotent.
  void Stop(absl::Time deadline);

 private:
  Gateway(const GatewayOptions& options, GatewayCollaborators collaborators);

  absl::Status OpenCertificates();
  absl::Status Listen();
  void Accept();
  void Admit(ClientStream::Socket socket);
  void Drain();
  void CloseAll();

  const GatewayOptions options_;
  const GatewayCollaborators collaborators_;
  BrokerChannel broker_;
  std::string address_;

  boost::asio::io_context context_{1};

  // Used on the context's thread only, once it runs.
  boost::asio::ip::tcp::acceptor acceptor_{context_};
  boost::asio::steady_timer accept_retry_{context_};
  std::unique_ptr<TlsContexts> tls_;  // null without TLS
  Admission admission_;
  RequestMemory memory_;
  absl::flat_hash_map<Connection*, std::shared_ptr<Connection>> connections_;
  Connection::Waiting waiting_;

  SteadyNotification finished_;
  std::thread thread_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_GATEWAY_H_
