#include "server/settings/exposure.h"

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/base/listen_address.h"

namespace holdline {
namespace {

// A service, where it listens, and whether it needs TLS beyond loopback.
struct Service {
  absl::string_view option;
  const std::string& address;
  bool needs_tls;
};

absl::Status Exposed(const Service& service, absl::string_view why,
                     absl::string_view what_to_do) {
  return absl::InvalidArgumentError(absl::StrCat(
      service.option, " \"", service.address, "\" is beyond loopback, ", why,
      ": ", what_to_do, ", or listen on 127.0.0.1; SECURITY.md tells how"));
}

absl::Status CheckService(const Service& service, const Options& options) {
  if (service.address.empty()) return absl::OkStatus();
  const absl::StatusOr<ListenAddress> address =
      ParseListenAddress(service.address);
  if (!address.ok()) return address.status();
  if (IsLoopback(*address)) return absl::OkStatus();
  if (options.credentials.file.empty()) {
    return Exposed(service, "where everybody must be authenticated",
                   "make credentials with `holdline credentials create` and "
                   "name their file with --credentials-file");
  }
  if (service.needs_tls && !options.tls.enabled()) {
    return Exposed(service, "where access keys must not be overheard",
                   "name a certificate and its key with "
                   "--tls-certificate-file and --tls-private-key-file");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckExposure(const Options& options) {
  const Service services[] = {
      {"grpc-address", options.rpc.address, true},
      {"http-address", options.gateway.address, false},
      {"metrics-address", options.metrics.address, true},
  };
  for (const Service& service : services) {
    const absl::Status status = CheckService(service, options);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace holdline
