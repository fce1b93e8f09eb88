#include "server/settings/period_setting.h"

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace holdline {

Setting PeriodSetting(std::string name, std::string help, Period* value,
                      Period min, Period max) {
  const std::string range = absl::StrCat(ToString(min), " to ", ToString(max));
  return {.name = std::move(name),
          .placeholder = "PERIOD",
          .help = std::move(help),
          .range = range,
          .set = [=](const std::string& text) -> absl::Status {
            const std::optional<Period> period = ParsePeriod(text);
            if (!period.has_value()) {
              return InvalidValue(
                  text, "is not a period, such as 15 minutes or 1 day");
            }
            if (DurationOf(*period) < DurationOf(min) ||
                DurationOf(*period) > DurationOf(max)) {
              return ValueOutOfRange(text, range);
            }
            *value = *period;
            return absl::OkStatus();
          },
          .get = [value] { return ToString(*value); }};
}

}  // namespace holdline
