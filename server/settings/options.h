// The options of the server: everything that can be set.

#ifndef HOLDLINE_SERVER_SETTINGS_OPTIONS_H_
#define HOLDLINE_SERVER_SETTINGS_OPTIONS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/auth/credentials/credential_options.h"
#include "server/auth/tls/tls_options.h"
#include "server/base/setting.h"
#include "server/engine/options.h"
#include "server/gateway/call_settings.h"
#include "server/gateway/options.h"
#include "server/log/log.h"
#include "server/metrics/endpoint.h"
#include "server/notify/options.h"
#include "server/rpc/server.h"

namespace holdline {

enum class StoreKind { kSqlite, kMemory };

struct Options {
  StoreKind store = StoreKind::kSqlite;

  // Where the SQLite store keeps its files; made if it does not exist.
  std::string data_directory = "holdline-data";

  // Whether to start although the store has lost data. Only from the command
  // line, for one start: a setting could stay by mistake.
  bool accept_loss = false;

  // Whether to compact the database instead of serving; likewise from the
  // command line.
  bool compact = false;

  // The credentials file. The server reads it at its start and passes its
  // content to the services.
  CredentialOptions credentials;

  // TLS of gRPC and AWS JSON, and beyond loopback of the metrics page. The
  // server passes it to the services.
  TlsOptions tls;

  EngineOptions engine;
  RpcOptions rpc;
  GatewayOptions gateway;  // an empty address serves no JSON
  Throttling throttling = Throttling::kNone;
  MetricsOptions metrics;  // an empty address serves no metrics
  NotifyOptions notify;    // an empty URL posts no alarms
  LogOptions log;

  // From the signal to stop to the end of the process, at most.
  absl::Duration drain_timeout = absl::Seconds(30);
};

// Returns the settings of `options`, which must outlive them.
std::vector<SettingGroup> SettingsOf(Options* options);

// Checks combinations of settings. INVALID_ARGUMENT, which names the settings
// and the limit: they do not fit together.
absl::Status CheckOptions(const Options& options);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_SETTINGS_OPTIONS_H_
