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
  return {
      .name = "http-client-timeouts",
      .placeholder = "LIST",
      .help =
          "The timeouts of known HTTP clients: AGENT=DURATION, separated by "
          "commas, where AGENT is a part of the User-Agent. Polls are answered "
          "shortly before. The holdMax of a credential takes precedence.",
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
      "Signatures, rate limits and client timeouts",
      {TextSetting("signature-region", "REGION",
                   "The AWS region that requests must be signed for. Empty "
                   "accepts any.",
                   &signatures->region, AnyRegion),
       DurationSetting("signature-clock-skew-max",
                       "How far the date of a signed request may differ from "
                       "the server's clock.",
                       &signatures->clock_skew_max, absl::Minutes(1),
                       kClockSkewLimit),
       ChoiceSetting<ReplayCheck>(
           "refuse-replays",
           "Which replayed requests are refused, by their signature: none, "
           "those that change something, or all.",
           &gateway->replays,
           {{"none", ReplayCheck::kNone},
            {"changes", ReplayCheck::kChanges},
            {"all", ReplayCheck::kAll}}),
       NumberSetting("signatures-max",
                     "The most signatures of an access key that are remembered "
                     "to detect replays; beyond it the oldest is forgotten.",
                     &gateway->signatures_max, 1, 100000000),
       ChoiceSetting<Throttling>(
           "throttle", "The rate limits of an account: none, or those of AWS.",
           throttling,
           {{"none", Throttling::kNone}, {"aws", Throttling::kAws}}),
       ClientTimeoutsSetting(&gateway->clients)}};
}

}  // namespace holdline
