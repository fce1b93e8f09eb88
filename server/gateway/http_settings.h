// The settings of HTTP connections.

#ifndef HOLDLINE_SERVER_GATEWAY_HTTP_SETTINGS_H_
#define HOLDLINE_SERVER_GATEWAY_HTTP_SETTINGS_H_

#include "server/base/setting.h"
#include "server/gateway/options.h"

namespace holdline {

// Returns the settings, which point into `gateway`.
SettingGroup HttpSettings(GatewayOptions* gateway);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_HTTP_SETTINGS_H_
