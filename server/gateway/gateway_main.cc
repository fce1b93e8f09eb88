// The gateway as its own process, in front of a broker elsewhere.

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "server/auth/credentials/call_rates.h"
#include "server/auth/credentials/credential_reload.h"
#include "server/auth/credentials/secret_file.h"
#include "server/base/bounded_write.h"
#include "server/base/large_blocks.h"
#include "server/base/listen_address.h"
#include "server/base/setting.h"
#include "server/base/steady_time.h"
#include "server/gateway/call_settings.h"
#include "server/gateway/gateway.h"
#include "server/gateway/http_settings.h"
#include "server/log/audit.h"
#include "server/log/log.h"
#include "server/log/log_settings.h"
#include "server/process/core_dumps.h"
#include "server/process/open_standard_streams.h"
#include "server/process/stop_signals.h"
#include "server/settings/caller_settings.h"
#include "server/settings/program.h"

namespace holdline {
namespace {

constexpr int kExitFailure = 1;
constexpr int kExitUsage = 2;

// More than any access key has with its secret.
constexpr size_t kAccessKeyBytesMax = 4096;

// How often the credentials file is looked at.
constexpr absl::Duration kLookPeriod = absl::Seconds(1);

// How long is waited for a reader of what is printed.
constexpr absl::Duration kReaderPatience = absl::Seconds(1);

// What the gateway can be told.
struct Options {
  GatewayOptions gateway;
  Throttling throttling = Throttling::kNone;
  CredentialOptions credentials;
  LogOptions log;
  std::string broker = "127.0.0.1:7070";
  std::string broker_access_key_file;
  std::string broker_authorities_file;
  absl::Duration drain_timeout = absl::Seconds(30);
};

SettingGroup BrokerSettings(Options* options) {
  return {"Broker",
          {TextSetting("broker", "HOST:PORT", "The broker's gRPC address.",
                       &options->broker, AnyText),
           TextSetting("broker-access-key-file", "FILE",
                       "The file with ACCESSKEY:SECRET of one of the broker's "
                       "credentials with the role gateway; other users must "
                       "not be able to read it.",
                       &options->broker_access_key_file, AnyText),
           TextSetting("broker-authorities-file", "FILE",
                       "The CA certificates, in PEM, that the broker's "
                       "certificate is verified against. Empty connects "
                       "without TLS.",
                       &options->broker_authorities_file, AnyText)}};
}

std::vector<SettingGroup> SettingsOf(Options* options) {
  GatewayOptions* const gateway = &options->gateway;
  return {
      {"Addresses",
       {TextSetting("http-address", "HOST:PORT",
                    "The address that serves AWS JSON over HTTP; port 0 picks "
                    "a free one. Beyond loopback it needs credentials-file.",
                    &gateway->address, CheckAddress)}},
      BrokerSettings(options),
      CallerSettings(&options->credentials, &gateway->tls),
      CallSettings(gateway, &options->throttling),
      HttpSettings(gateway),
      LogSettings(&options->log),
      {"Shutdown",
       {DurationSetting(
           "drain-timeout",
           "How long calls in flight may take to finish after SIGTERM.",
           &options->drain_timeout, absl::ZeroDuration(), absl::Hours(1))}}};
}

bool IsOnThisMachine(const std::string& address) {
  const absl::StatusOr<ListenAddress> where = ParseListenAddress(address);
  return where.ok() && IsLoopback(*where);
}

// That the options fit together, and that no secret crosses a network in the
// clear.
absl::Status Check(const Options& options) {
  const absl::Status status =
      CheckCallers(options.credentials, options.gateway.tls);
  if (!status.ok()) return status;
  if (options.credentials.file.empty() !=
      options.broker_access_key_file.empty()) {
    return absl::InvalidArgumentError(
        "credentials-file and broker-access-key-file go together");
  }
  if (!options.broker_access_key_file.empty() &&
      options.broker_authorities_file.empty() &&
      !IsOnThisMachine(options.broker)) {
    return absl::InvalidArgumentError(
        "an access key is not sent to a broker on another host without "
        "broker-authorities-file");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadBrokerAuthorization(const std::string& path) {
  absl::StatusOr<std::string> text =
      ReadSecretFile(path, "access key file", kAccessKeyBytesMax);
  if (!text.ok()) return text.status();
  const absl::string_view key = absl::StripAsciiWhitespace(*text);
  if (key.find(':') == absl::string_view::npos) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the access key file ", path, " must hold ", "ACCESSKEY:SECRET"));
  }
  return absl::StrCat("Bearer ", key);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> BrokerCredentials(
    const std::string& authorities_file) {
  if (authorities_file.empty()) return grpc::InsecureChannelCredentials();
  std::ifstream file(authorities_file);
  std::stringstream text;
  if (!(text << file.rdbuf())) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot read ", authorities_file));
  }
  return grpc::SslCredentials({.pem_root_certs = text.str(),
                               .pem_private_key = "",
                               .pem_cert_chain = ""});
}

// Connections that are idle behind a balancer would otherwise be forgotten. A
// broker that is back is found within a second.
absl::StatusOr<std::shared_ptr<grpc::Channel>> Connect(const Options& options) {
  const auto credentials = BrokerCredentials(options.broker_authorities_file);
  if (!credentials.ok()) return credentials.status();
  grpc::ChannelArguments channel;
  channel.SetMaxReceiveMessageSize(
      static_cast<int>(options.gateway.body_bytes_max));
  channel.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30000);
  channel.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10000);
  channel.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  channel.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 800);
  channel.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5000);
  return grpc::CreateCustomChannel(options.broker, *credentials, channel);
}

void Say(const char* what, const absl::Status& status) {
  WriteWithin(STDERR_FILENO,
              absl::StrCat("holdline-gateway: ", what,
                           std::string(status.message()), "\n"),
              kReaderPatience);
}

absl::Status Serve(Options options, StopSignals* signals) {
  signals->EndWithin(options.drain_timeout + kStopMargin);
  GatewayCollaborators collaborators;
  std::unique_ptr<CredentialReload> credentials;
  if (!options.credentials.file.empty() || options.gateway.tls.enabled()) {
    ForbidCoreDumps();
  }
  if (!options.credentials.file.empty()) {
    auto opened = CredentialReload::Open(
        options.credentials, [](const absl::Status& status) {
          Say(status.ok() ? "credentials read" : "", status);
        });
    if (!opened.ok()) return opened.status();
    credentials = *std::move(opened);
    credentials->KeepLooking(kLookPeriod);
    collaborators.credentials = &credentials->store();
    auto shown = ReadBrokerAuthorization(options.broker_access_key_file);
    if (!shown.ok()) return shown.status();
    collaborators.broker_authorization = *std::move(shown);
  }
  Log log(options.log);
  if (options.log.audit) collaborators.observer = LogGatewayAudit(&log);
  CallRates rates(AwsCallRates());
  if (options.throttling == Throttling::kAws) collaborators.rates = &rates;
  collaborators.observer.on_tls_files = [](const absl::Status& status) {
    Say(status.ok() ? "certificates read" : "", status);
  };
  auto channel = Connect(options);
  if (!channel.ok()) return channel.status();
  collaborators.broker = *std::move(channel);
  const auto gateway =
      Gateway::Start(options.gateway, std::move(collaborators));
  if (!gateway.ok()) return gateway.status();
  WriteWithin(STDOUT_FILENO,
              absl::StrCat("ready http=", (*gateway)->address(), "\n"),
              kReaderPatience);
  while (signals->Wait() == StopSignals::Wish::kReload) {
    if (credentials != nullptr) credentials->ReadAgain();
    Say("SIGHUP: reloading credentials and certificates; other options need a "
        "restart",
        absl::OkStatus());
  }
  (*gateway)->Stop(SteadyNow() + options.drain_timeout);
  return absl::OkStatus();
}

int Main(const std::vector<std::string>& arguments) {
  GiveBackLargeBlocks();
  signal(SIGPIPE, SIG_IGN);
  StopSignals signals;
  Options options;
  const auto answer =
      ReadSettings({.name = "holdline-gateway",
                    .purpose = "serves AWS JSON over HTTP in front of a broker",
                    .switches = {},
                    .groups = SettingsOf(&options),
                    .check = [&options] { return Check(options); }},
                   arguments, std::getenv);
  if (!answer.ok()) {
    Say("", answer.status());
    return kExitUsage;
  }
  if (answer->has_value()) {
    std::fputs((*answer)->c_str(), stdout);
    return EXIT_SUCCESS;
  }
  const absl::Status status = Serve(std::move(options), &signals);
  if (status.ok()) return EXIT_SUCCESS;
  Say("", status);
  return kExitFailure;
}

}  // namespace
}  // namespace holdline

int main(int argc, char** argv) {
  return holdline::Main({argv + 1, argv + argc});
}
