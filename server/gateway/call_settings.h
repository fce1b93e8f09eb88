// Settings of signatures, rate limits and client timeouts.

#ifndef HOLDLINE_SERVER_GATEWAY_CALL_SETTINGS_H_
#define HOLDLINE_SERVER_GATEWAY_CALL_SETTINGS_H_

#include "server/base/setting.h"
#include "server/gateway/options.h"

namespace holdline {

// Rate limits of accounts.
enum class Throttling { kNone, kAws };

// Returns the settings, which point into what is given.
SettingGroup CallSettings(GatewayOptions* gateway, Throttling* throttling);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_CALL_SETTINGS_H_
