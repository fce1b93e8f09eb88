// A setting that is a period.

#ifndef HOLDLINE_SERVER_SETTINGS_PERIOD_SETTING_H_
#define HOLDLINE_SERVER_SETTINGS_PERIOD_SETTING_H_

#include <string>

#include "server/base/setting.h"
#include "server/pipeline/calendar/period.h"

namespace holdline {

// A period as definitions have it, from `min` to `max`, such as `15 minutes` or
// `3 years`.
Setting PeriodSetting(std::string name, std::string help, Period* value,
                      Period min, Period max);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_SETTINGS_PERIOD_SETTING_H_
