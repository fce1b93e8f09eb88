#include "server/gateway/http_settings.h"

#include <cstdint>

#include "absl/time/time.h"

namespace holdline {

SettingGroup HttpSettings(GatewayOptions* gateway) {
  return {
      "HTTP connections",
      {NumberSetting("http-connections-max",
                     "The most connections; for a further one that is closed "
                     "which has waited for its client the longest, and if all "
                     "have calls under way it is answered 503.",
                     &gateway->connections_max, 1, 1000000),
       BytesSetting("http-header-max",
                    "The largest request line with its headers.",
                    &gateway->header_bytes_max, 1024, 1 << 20),
       BytesSetting("http-body-max", "The largest body of a request.",
                    &gateway->body_bytes_max, 1024, int64_t{1} << 30),
       BytesSetting("http-memory-max",
                    "The most memory that the bodies of large requests may "
                    "use, of which a client address has as much as it leaves "
                    "free; further ones are answered 503.",
                    &gateway->memory_max, int64_t{16} << 20, int64_t{1} << 44),
       DurationSetting("http-tls-timeout",
                       "How long a client may take to agree on keys.",
                       &gateway->handshake_timeout, absl::Milliseconds(100),
                       absl::Hours(1)),
       DurationSetting("http-header-timeout",
                       "How long the headers of a request may take to arrive.",
                       &gateway->header_timeout, absl::Milliseconds(100),
                       absl::Hours(1)),
       DurationSetting("http-body-timeout",
                       "How long the body of a request may take to arrive.",
                       &gateway->body_timeout, absl::Milliseconds(100),
                       absl::Hours(1)),
       DurationSetting(
           "http-write-timeout", "How long an answer may take to leave.",
           &gateway->write_timeout, absl::Milliseconds(100), absl::Hours(1)),
       DurationSetting("http-idle-timeout",
                       "How long a connection may be idle between requests.",
                       &gateway->idle_timeout, absl::Milliseconds(100),
                       absl::Hours(24)),
       DurationSetting("http-call-timeout",
                       "How long the broker may take to answer; longer than "
                       "hold-max.",
                       &gateway->call_timeout, absl::Milliseconds(100),
                       absl::Hours(1))}};
}

}  // namespace holdline
