#include "client/connection_arguments.h"

#include <utility>

#include "CLI/Option.hpp"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/holdline_client.h"

namespace holdline::client {
namespace {

bool IsThisMachine(const std::string& address) {
  return absl::StartsWith(address, "127.") ||
         absl::StartsWith(address, "localhost:") ||
         absl::StartsWith(address, "[::1]:") ||
         absl::StartsWith(address, "unix:");
}

absl::StatusOr<TlsFiles> ToTls(const ConnectionArguments& arguments) {
  if (arguments.tls_certificate.empty() != arguments.tls_private_key.empty()) {
    return absl::InvalidArgumentError(
        "--tls-certificate and --tls-private-key go together.");
  }
  const TlsFiles tls = {.enabled = arguments.tls ||
                                   !arguments.tls_authorities.empty() ||
                                   !arguments.tls_certificate.empty(),
                        .authorities = arguments.tls_authorities,
                        .certificate = arguments.tls_certificate,
                        .private_key = arguments.tls_private_key};
  const absl::Status status = Check(tls);
  if (!status.ok()) return status;
  return tls;
}

}  // namespace

void DefineConnection(CLI::App& app, ConnectionArguments& arguments) {
  app.add_option("--address", arguments.address, "The server's address")
      ->envname("HOLDLINE_ADDRESS")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app.add_flag("--tls", arguments.tls,
               "Use TLS and the CA certificates of this system")
      ->envname("HOLDLINE_TLS");
  app.add_option("--tls-authorities", arguments.tls_authorities,
                 "Use TLS and the CA certificates in this file (PEM)")
      ->envname("HOLDLINE_TLS_AUTHORITIES")
      ->type_name("FILE");
  app.add_option("--tls-certificate", arguments.tls_certificate,
                 "The client certificate (PEM)")
      ->envname("HOLDLINE_TLS_CERTIFICATE")
      ->type_name("FILE");
  app.add_option("--tls-private-key", arguments.tls_private_key,
                 "The private key of the client certificate (PEM)")
      ->envname("HOLDLINE_TLS_PRIVATE_KEY")
      ->type_name("FILE");
  app.add_option("--access-key-file", arguments.access_key_file,
                 "The access key, as printed by `holdline --json credentials "
                 "create`. Without it: HOLDLINE_ACCESS_KEY, HOLDLINE_SECRET "
                 "and HOLDLINE_SESSION_TOKEN")
      ->envname("HOLDLINE_ACCESS_KEY_FILE")
      ->type_name("FILE");
}

absl::StatusOr<Connection> Open(const ConnectionArguments& arguments) {
  const absl::StatusOr<TlsFiles> tls = ToTls(arguments);
  if (!tls.ok()) return tls.status();
  absl::StatusOr<AccessKey> access_key =
      arguments.access_key_file.empty()
          ? AccessKeyOfEnvironment()
          : ReadAccessKey(arguments.access_key_file);
  // Before the channel has threads that might look at the environment.
  ForgetAccessKeyOfEnvironment();
  if (!access_key.ok()) return access_key.status();
  if (!access_key->empty() && !tls->enabled &&
      !IsThisMachine(arguments.address)) {
    return absl::InvalidArgumentError(
        absl::StrCat("The access key would go to ", arguments.address,
                     " unencrypted: use --tls or --tls-authorities."));
  }
  return Connection{Connect(arguments.address, *tls), *std::move(access_key)};
}

}  // namespace holdline::client
