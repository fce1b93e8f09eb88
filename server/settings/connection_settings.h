// The settings of gRPC's connections.

#ifndef HOLDLINE_SERVER_SETTINGS_CONNECTION_SETTINGS_H_
#define HOLDLINE_SERVER_SETTINGS_CONNECTION_SETTINGS_H_

#include "server/base/setting.h"
#include "server/rpc/connections/connection_limits.h"
#include "server/rpc/server.h"

namespace holdline {

// Returns the settings of their number. `limits` outlives them.
SettingGroup AdmissionSettings(ConnectionLimits* limits);

// Returns the settings of each connection. `rpc` outlives them.
SettingGroup ConnectionSettings(RpcOptions* rpc);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_SETTINGS_CONNECTION_SETTINGS_H_
