// The settings of gRPC's connections.

#ifndef HOLDLINE_SERVER_SETTINGS_CONNECTION_SETTINGS_H_
#define HOLDLINE_SERVER_SETTINGS_CONNECTION_SETTINGS_H_

#include "server/base/setting.h"
#include "server/rpc/connections/connection_limits.h"
#include "server/rpc/server.h"

namespace holdline {

// Of how many there may be. `limits` outlives the settings.
SettingGroup AdmissionSettings(ConnectionLimits* limits);

// Of each of them. `rpc` outlives the settings.
SettingGroup ConnectionSettings(RpcOptions* rpc);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_SETTINGS_CONNECTION_SETTINGS_H_
