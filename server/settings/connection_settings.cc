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
                     "The most gRPC connections of one client address, or "
                     "/64 network of IPv6; further ones are closed.",
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
      {BytesSetting("message-max", "The largest message.", &rpc->message_max,
                    4096, int64_t{1} << 30),
       NumberSetting("streams-max",
                     "The most calls at a time on one connection; a client "
                     "lets further ones wait.",
                     &rpc->streams_max, 1, 1000000),
       BytesSetting("memory-max",
                    "The most memory that all connections and calls may use; "
                    "beyond it new ones are refused. Half of it is for what "
                    "is made of large requests, of which an account has as "
                    "much as it leaves free.",
                    &rpc->memory_max, int64_t{16} << 20, int64_t{1} << 44),
       DurationSetting("keepalive-time",
                       "After how much silence a connection is checked.",
                       &rpc->keepalive_time, absl::Seconds(1), kDay),
       DurationSetting("keepalive-timeout",
                       "How long such a check may take before the connection "
                       "is closed.",
                       &rpc->keepalive_timeout, absl::Seconds(1),
                       absl::Minutes(10)),
       DurationSetting("client-keepalive-min",
                       "The shortest time between a client's own checks.",
                       &rpc->client_keepalive_min, absl::Milliseconds(100),
                       kDay),
       DurationSetting("connection-age-max",
                       "After how long a client is asked to connect anew, so "
                       "that load finds new servers.",
                       &rpc->connection_age_max, absl::Seconds(1), 366 * kDay),
       DurationSetting("connection-age-grace",
                       "How long calls may go on after that; at least as long "
                       "as hold-max.",
                       &rpc->connection_age_grace, absl::Seconds(1), kDay)}};
}

}  // namespace holdline
