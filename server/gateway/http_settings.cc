#include "server/gateway/http_settings.h"

#include <cstdint>

#include "absl/time/time.h"

namespace holdline {

SettingGroup HttpSettings(GatewayOptions* gateway) {
  return {
      "HTTP connections",
      {NumberSetting(
           "http-connections-max",
           "The most connections. Beyond it the longest idle one is closed; if "
           "all have calls in progress, the new one is answered with 503.",
           &gateway->connections_max, 1, 1000000),
       BytesSetting("http-header-max", "The largest request line and headers.",
                    &gateway->header_bytes_max, 1024, 1 << 20),
       BytesSetting("http-body-max", "The largest request body.",
                    &gateway->body_bytes_max, 1024, int64_t{1} << 30),
       BytesSetting("http-memory-max",
                    "The memory for the bodies of large requests, of which one "
                    "client address may use as much as it leaves free; further "
                    "requests are answered with 503.",
                    &gateway->memory_max, int64_t{16} << 20, int64_t{1} << 44),
       DurationSetting("http-tls-timeout", "The timeout of a TLS handshake.",
                       &gateway->handshake_timeout, absl::Milliseconds(100),
                       absl::Hours(1)),
       DurationSetting("http-header-timeout",
                       "The timeout for receiving the headers of a request.",
                       &gateway->header_timeout, absl::Milliseconds(100),
                       absl::Hours(1)),
       DurationSetting("http-body-timeout",
                       "The timeout for receiving the body of a request.",
                       &gateway->body_timeout, absl::Milliseconds(100),
                       absl::Hours(1)),
       DurationSetting(
           "http-write-timeout", "The timeout for sending a response.",
           &gateway->write_timeout, absl::Milliseconds(100), absl::Hours(1)),
       DurationSetting("http-idle-timeout",
                       "How long a connection may be idle between requests.",
                       &gateway->idle_timeout, absl::Milliseconds(100),
                       absl::Hours(24)),
       DurationSetting(
           "http-call-timeout",
           "The timeout of a call to the broker; longer than hold-max.",
           &gateway->call_timeout, absl::Milliseconds(100), absl::Hours(1))}};
}

}  // namespace holdline
