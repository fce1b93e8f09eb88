// The settings of the log.

#ifndef HOLDLINE_SERVER_LOG_LOG_SETTINGS_H_
#define HOLDLINE_SERVER_LOG_LOG_SETTINGS_H_

#include "server/base/setting.h"
#include "server/log/log.h"

namespace holdline {

// Returns the settings, which point into `log`.
SettingGroup LogSettings(LogOptions* log);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_LOG_LOG_SETTINGS_H_
