// The gateway as its own process, in front of a broker elsewhere.

#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/create_channel.h"
#include "server/gateway/gateway.h"
#include "server/stop_signals.h"

namespace holdline {
namespace {

constexpr int kExitFailure = 1;
constexpr int kExitUsage = 2;

struct Arguments {
  GatewayOptions gateway;
  std::string broker = "127.0.0.1:7070";
  int drain_seconds = 30;
};

void Declare(CLI::App& app, Arguments* arguments) {
  app.add_option("--address", arguments->gateway.address,
                 "Where to serve AWS JSON over HTTP: HOST:PORT on loopback; "
                 "port 0 is any free one")
      ->envname("HOLDLINE_HTTP_ADDRESS")
      ->capture_default_str();
  app.add_option("--broker", arguments->broker,
                 "Where the broker serves gRPC: HOST:PORT")
      ->envname("HOLDLINE_ADDRESS")
      ->capture_default_str();
  app.add_option("--connections-max", arguments->gateway.connections_max,
                 "The most HTTP connections; further ones are turned away")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  app.add_option("--drain-timeout", arguments->drain_seconds,
                 "How many seconds held calls may take to end after SIGTERM")
      ->check(CLI::Range(0, 3600))
      ->capture_default_str();
}

// Connections that are idle behind a balancer would otherwise be forgotten.
std::shared_ptr<grpc::Channel> Connect(const Arguments& arguments) {
  grpc::ChannelArguments channel;
  channel.SetMaxReceiveMessageSize(
      static_cast<int>(arguments.gateway.body_bytes_max));
  channel.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30000);
  channel.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10000);
  return grpc::CreateCustomChannel(arguments.broker,
                                   grpc::InsecureChannelCredentials(), channel);
}

int Serve(const Arguments& arguments, StopSignals* signals) {
  const absl::StatusOr<std::unique_ptr<Gateway>> gateway =
      Gateway::Start(arguments.gateway, Connect(arguments));
  if (!gateway.ok()) {
    const std::string message(gateway.status().message());
    std::fprintf(stderr, "holdline-gateway: %s\n", message.c_str());
    return kExitFailure;
  }
  std::printf("ready http=%s\n", (*gateway)->address().c_str());
  std::fflush(stdout);
  signals->Wait();
  (*gateway)->Stop(absl::Now() + absl::Seconds(arguments.drain_seconds));
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace holdline

int main(int argc, char** argv) {
  signal(SIGPIPE, SIG_IGN);
  holdline::StopSignals signals;
  holdline::Arguments arguments;
  CLI::App app("holdline-gateway speaks AWS JSON for a broker elsewhere.");
  holdline::Declare(app, &arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? EXIT_SUCCESS : holdline::kExitUsage;
  }
  return holdline::Serve(arguments, &signals);
}
