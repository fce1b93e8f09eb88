// Admission of HTTP requests: signature, replay check, rate limit and role
// (DATAPIPELINE sections 12.5 and 13.3).

#ifndef HOLDLINE_SERVER_GATEWAY_ADMISSION_H_
#define HOLDLINE_SERVER_GATEWAY_ADMISSION_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "server/auth/credentials/call_rates.h"
#include "server/auth/credentials/credential_store.h"
#include "server/auth/sigv4/replay_guard.h"
#include "server/auth/sigv4/signature.h"
#include "server/gateway/client_patience.h"
#include "server/gateway/observer.h"
#include "server/gateway/options.h"
#include "server/gateway/request.h"
#include "server/gateway/wire_error.h"

namespace holdline {

// An admitted call.
struct AdmittedCall {
  // The method; null if there is no such operation.
  const google::protobuf::MethodDescriptor* method = nullptr;

  // The caller's access key; empty if there are no credentials.
  std::string access_key;

  // Set if the signature must not come again later.
  std::optional<Sha256Digest> guarded;

  // The arrival at the gateway, when the caller began to wait; and the time
  // within which the broker must answer, so that the caller still gets it.
  absl::Time admitted_at;
  absl::Duration timeout;
};

// Used on the gateway's thread only. Times are of the steady clock, but for
// Examine, which compares dates.
class Admission {
 public:
  // The options, and what is pointed to, must outlive this. Without
  // `credentials` no signature is asked for, and without `rates` nobody is
  // throttled.
  Admission(const GatewayOptions& options, const CredentialStore* credentials,
            CallRates* rates, GatewayObserver observer);

  // Whether requests are taken without a signature.
  bool open() const { return credentials_ == nullptr; }

  // Checks the headers of a request that arrived at `now`, and fills `arrived`
  // if they are signed. Returns the error for which the body need not be read,
  // or nothing. Requests without an action are not checked.
  std::optional<WireError> Examine(const HttpHeader& header, absl::Time now,
                                   std::optional<ArrivedSignature>* arrived);

  // Decides about the whole request, read at `now`, given the result of
  // Examine. Returns an error, or fills `call`; then End must follow. `peer` is
  // the address of the client.
  std::optional<WireError> Admit(const HttpRequest& request,
                                 const std::optional<ArrivedSignature>& arrived,
                                 absl::string_view peer, absl::Time now,
                                 AdmittedCall* call);

  // Reports a refused request to the observer.
  void TellRefused(const HttpHeader& header, const std::string& request_id,
                   absl::string_view peer, const WireError& error) const;

  // A call has ended; `answered` if its answer was sent.
  void End(const AdmittedCall& call, bool answered);

  // A client hung up at `now`, while a call was held.
  void HungUp(const HttpRequest& request, const AdmittedCall& call,
              absl::string_view peer, absl::Time now);

 private:
  // Whether the signature is good, and may be used at all or again.
  std::optional<WireError> CheckSignature(const HttpRequest& request,
                                          const ArrivedSignature& arrived,
                                          absl::Time now, AdmittedCall* call);

  bool Guards(const google::protobuf::MethodDescriptor* method) const;

  const GatewayOptions& options_;
  const CredentialStore* const credentials_;
  CallRates* const rates_;
  const GatewayObserver observer_;
  SignatureVerifier verifier_;
  ReplayGuard replays_;
  ClientPatience patience_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_ADMISSION_H_
