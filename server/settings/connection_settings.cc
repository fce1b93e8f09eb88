#include "server/settings/connection_settings.h"

#include <cstdint>

namespace holdline {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

}  // namespace

SettingGroup AdmissionSettings(ConnectionLimits* limits) {
  return {
      "gRPC clients",
      {NumberSetting("connections-max",
                     "The most gRPC connections; further ones are closed.",
                     &limits->all_max, 1, 1000000),
       NumberSetting("connections-per-address-max",
                     "The most gRPC connections of one client address (of "
                     "IPv6, a /64 network); further ones are closed.",
                     &limits->per_address_max, 1, 1000000),
       NumberSetting("unauthenticated-connections-max",
                     "The most gRPC connections served before they "
                     "authenticate; further ones wait.",
                     &limits->unauthenticated_max, 1, 10000),
       NumberSetting("unauthenticated-calls-max",
                     "The most calls that unauthenticated connections may "
                     "start together; beyond it the connection with most "
                     "calls is closed.",
                     &limits->unauthenticated_calls_max, 1, 1000000),
       DurationSetting("authentication-timeout",
                       "How long a connection may stay unauthenticated while "
                       "others wait; then it is closed.",
                       &limits->authentication_timeout, absl::Milliseconds(10),
                       absl::Hours(1))}};
}

SettingGroup ConnectionSettings(RpcOptions* rpc) {
  return {
      "gRPC connections",
      {BytesSetting("message-max", "The largest gRPC message.",
                    &rpc->message_max, 4096, int64_t{1} << 30),
       NumberSetting("streams-max",
                     "The most concurrent calls on one connection; clients "
                     "queue further ones.",
                     &rpc->streams_max, 1, 1000000),
       BytesSetting(
           "memory-max",
           "The memory for all connections and calls; beyond it new ones are "
           "refused. Half of it is for parsed large requests, of which one "
           "account may use as much as it leaves free.",
           &rpc->memory_max, int64_t{16} << 20, int64_t{1} << 44),
       DurationSetting("keepalive-time",
                       "The idle time after which the server pings a client.",
                       &rpc->keepalive_time, absl::Seconds(1), kDay),
       DurationSetting(
           "keepalive-timeout",
           "How long a ping may go unanswered before the connection is closed.",
           &rpc->keepalive_timeout, absl::Seconds(1), absl::Minutes(10)),
       DurationSetting("client-keepalive-min",
                       "The shortest time between a client's own pings.",
                       &rpc->client_keepalive_min, absl::Milliseconds(100),
                       kDay),
       DurationSetting("connection-age-max",
                       "The age at which a client is asked to reconnect, so "
                       "that load spreads to new servers.",
                       &rpc->connection_age_max, absl::Seconds(1), 366 * kDay),
       DurationSetting("connection-age-grace",
                       "How long calls may continue on a connection that has "
                       "reached connection-age-max; at least hold-max.",
                       &rpc->connection_age_grace, absl::Seconds(1), kDay)}};
}

}  // namespace holdline
