// The gateway as its own process, in front of a broker elsewhere.

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
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
#include "server/log/audit.h"
#include "server/log/log.h"
#include "server/process/core_dumps.h"
#include "server/process/open_standard_streams.h"
#include "server/process/stop_signals.h"

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

struct Arguments {
  GatewayOptions gateway;
  Throttling throttling = Throttling::kNone;
  CredentialOptions credentials;
  std::string broker = "127.0.0.1:7070";
  std::string broker_access_key_file;
  std::string broker_authorities_file;
  int drain_seconds = 30;
};

void DeclareSetting(const Setting& setting, CLI::App* app) {
  const auto set = setting.set;
  app->add_option_function<std::string>(
         "--" + setting.name, [](const std::string&) {}, setting.help)
      ->check([set](const std::string& text) {
        return std::string(set(text).message());
      })
      ->default_str(setting.get());
}

void DeclareBroker(Arguments* arguments, CLI::App* app) {
  app->add_option("--broker", arguments->broker,
                  "The broker's gRPC address: HOST:PORT")
      ->envname("HOLDLINE_ADDRESS")
      ->capture_default_str();
  app->add_option(
      "--broker-access-key-file", arguments->broker_access_key_file,
      "The file with ACCESSKEY:SECRET of one of the broker's credentials with "
      "the role gateway; other users must not be able to read it");
  app->add_option("--broker-authorities-file",
                  arguments->broker_authorities_file,
                  "The CA certificates, in PEM, that the broker's certificate "
                  "is verified against. Empty connects without TLS");
}

void Declare(Arguments* arguments, CLI::App* app) {
  GatewayOptions* const gateway = &arguments->gateway;
  app->add_option(
         "--address", gateway->address,
         "The address that serves AWS JSON over HTTP: HOST:PORT; port 0 picks "
         "a free one. Beyond loopback it needs --credentials-file")
      ->envname("HOLDLINE_HTTP_ADDRESS")
      ->capture_default_str();
  DeclareBroker(arguments, app);
  app->add_option("--credentials-file", arguments->credentials.file,
                  "The broker's credentials file. Empty accepts requests "
                  "without signatures");
  app->add_option(
      "--credentials-key-file", arguments->credentials.key_file,
      "The key that decrypts the protected secrets in the credentials file");
  app->add_option(
      "--tls-certificate-file", gateway->tls.certificate_file,
      "The gateway's certificate chain, in PEM. Empty disables TLS");
  app->add_option("--tls-private-key-file", gateway->tls.private_key_file,
                  "The private key of the certificate, in PEM");
  for (const Setting& setting :
       CallSettings(gateway, &arguments->throttling).settings) {
    DeclareSetting(setting, app);
  }
  app->add_option("--connections-max", gateway->connections_max,
                  "The most HTTP connections; further ones are refused")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  app->add_option(
         "--drain-timeout", arguments->drain_seconds,
         "How many seconds calls in flight may take to finish after SIGTERM")
      ->check(CLI::Range(0, 3600))
      ->capture_default_str();
}

bool IsOnThisMachine(const std::string& address) {
  const absl::StatusOr<ListenAddress> where = ParseListenAddress(address);
  return where.ok() && IsLoopback(*where);
}

// That the options fit together, and that no secret crosses a network in the
// clear.
absl::Status Check(const Arguments& arguments) {
  const TlsOptions& tls = arguments.gateway.tls;
  if (tls.certificate_file.empty() != tls.private_key_file.empty()) {
    return absl::InvalidArgumentError(
        "--tls-certificate-file and --tls-private-key-file go together");
  }
  if (arguments.credentials.file.empty() !=
      arguments.broker_access_key_file.empty()) {
    return absl::InvalidArgumentError(
        "--credentials-file and --broker-access-key-file go together");
  }
  if (!arguments.broker_access_key_file.empty() &&
      arguments.broker_authorities_file.empty() &&
      !IsOnThisMachine(arguments.broker)) {
    return absl::InvalidArgumentError(
        "an access key is not sent to a broker on another host without "
        "--broker-authorities-file");
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
absl::StatusOr<std::shared_ptr<grpc::Channel>> Connect(
    const Arguments& arguments) {
  const auto credentials = BrokerCredentials(arguments.broker_authorities_file);
  if (!credentials.ok()) return credentials.status();
  grpc::ChannelArguments channel;
  channel.SetMaxReceiveMessageSize(
      static_cast<int>(arguments.gateway.body_bytes_max));
  channel.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30000);
  channel.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10000);
  channel.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  channel.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 800);
  channel.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5000);
  return grpc::CreateCustomChannel(arguments.broker, *credentials, channel);
}

void Say(const char* what, const absl::Status& status) {
  WriteWithin(STDERR_FILENO,
              absl::StrCat("holdline-gateway: ", what,
                           std::string(status.message()), "\n"),
              kReaderPatience);
}

absl::Status Serve(Arguments arguments, StopSignals* signals) {
  signals->EndWithin(absl::Seconds(arguments.drain_seconds) + kStopMargin);
  absl::Status status = Check(arguments);
  if (!status.ok()) return status;
  GatewayOptions& gateway_options = arguments.gateway;
  std::unique_ptr<CredentialReload> credentials;
  if (!arguments.credentials.file.empty() || gateway_options.tls.enabled()) {
    ForbidCoreDumps();
  }
  if (!arguments.credentials.file.empty()) {
    auto opened = CredentialReload::Open(
        arguments.credentials, [](const absl::Status& status) {
          Say(status.ok() ? "credentials read" : "", status);
        });
    if (!opened.ok()) return opened.status();
    credentials = *std::move(opened);
    credentials->KeepLooking(kLookPeriod);
    gateway_options.credentials = &credentials->store();
    auto shown = ReadBrokerAuthorization(arguments.broker_access_key_file);
    if (!shown.ok()) return shown.status();
    gateway_options.broker_authorization = *std::move(shown);
  }
  Log log({});
  gateway_options.observer = LogGatewayAudit(&log);
  CallRates rates(AwsCallRates());
  if (arguments.throttling == Throttling::kAws) gateway_options.rates = &rates;
  gateway_options.observer.on_tls_files = [](const absl::Status& status) {
    Say(status.ok() ? "certificates read" : "", status);
  };
  const auto channel = Connect(arguments);
  if (!channel.ok()) return channel.status();
  const auto gateway = Gateway::Start(gateway_options, *channel);
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
  (*gateway)->Stop(SteadyNow() + absl::Seconds(arguments.drain_seconds));
  return absl::OkStatus();
}

}  // namespace
}  // namespace holdline

int main(int argc, char** argv) {
  holdline::GiveBackLargeBlocks();
  signal(SIGPIPE, SIG_IGN);
  holdline::StopSignals signals;
  holdline::Arguments arguments;
  CLI::App app(
      "holdline-gateway serves AWS JSON over HTTP in front of a broker.");
  holdline::Declare(&arguments, &app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? EXIT_SUCCESS : holdline::kExitUsage;
  }
  const absl::Status status = holdline::Serve(std::move(arguments), &signals);
  if (status.ok()) return EXIT_SUCCESS;
  holdline::Say("", status);
  return holdline::kExitFailure;
}
