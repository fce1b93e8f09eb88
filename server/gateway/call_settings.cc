#include "server/gateway/call_settings.h"

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/auth/sigv4/signature.h"
#include "server/gateway/client_patience.h"

namespace holdline {
namespace {

absl::Status AnyRegion(const std::string&) { return absl::OkStatus(); }

Setting ClientTimeoutsSetting(std::vector<KnownClient>* clients) {
  return {.name = "http-client-timeouts",
          .placeholder = "LIST",
          .help =
              "After how long clients hang up: AGENT=DURATION, with commas "
              "between them, where AGENT is a part of the User-Agent. "
              "Polls are answered shortly before. What a credential says "
              "counts more.",
          .range = "",
          .set =
              [clients](const std::string& text) {
                auto known = ParseKnownClients(text);
                if (known.ok()) *clients = *std::move(known);
                return known.status();
              },
          .get = [clients] { return ToString(*clients); }};
}

}  // namespace

SettingGroup CallSettings(GatewayOptions* gateway, Throttling* throttling) {
  SignatureOptions* signatures = &gateway->signatures;
  return {
      "Signed requests, and how often and how long clients call",
      {TextSetting("signature-region", "REGION",
                   "The region that requests must be signed for. Empty takes "
                   "any.",
                   &signatures->region, AnyRegion),
       DurationSetting("signature-clock-skew-max",
                       "How far the date of a signed request may be from now.",
                       &signatures->clock_skew_max, absl::Minutes(1),
                       kClockSkewLimit),
       ChoiceSetting<ReplayCheck>("refuse-replays",
                                  "Which signed requests are refused when they "
                                  "come again: none, those "
                                  "that change something, or all.",
                                  &gateway->replays,
                                  {{"none", ReplayCheck::kNone},
                                   {"changes", ReplayCheck::kChanges},
                                   {"all", ReplayCheck::kAll}}),
       NumberSetting("signatures-max",
                     "The most signatures of an access key that are remembered "
                     "for that; beyond, the oldest is forgotten.",
                     &gateway->signatures_max, 1, 100000000),
       ChoiceSetting<Throttling>(
           "throttle",
           "How often an account may call: as often as it likes, or as AWS "
           "allows it.",
           throttling,
           {{"none", Throttling::kNone}, {"aws", Throttling::kAws}}),
       ClientTimeoutsSetting(&gateway->clients)}};
}

}  // namespace holdline
