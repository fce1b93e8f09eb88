#include "server/log/log_settings.h"

namespace holdline {

SettingGroup LogSettings(LogOptions* log) {
  return {
      "The log, on standard error",
      {ChoiceSetting<LogFormat>(
           "log-format", "What a line looks like.", &log->format,
           {{"text", LogFormat::kText}, {"json", LogFormat::kJson}}),
       Reloadable(ChoiceSetting<LogLevel>(
           "log-level", "What is written; debug writes every fact.",
           &log->level,
           {{"debug", LogLevel::kDebug},
            {"info", LogLevel::kInfo},
            {"warning", LogLevel::kWarning},
            {"error", LogLevel::kError}})),
       ChoiceSetting<bool>(
           "log-audit",
           "Whether to write who did what, once there are credentials: each "
           "call that changes something, and each refusal; at info.",
           &log->audit, {{"no", false}, {"yes", true}}),
       NumberSetting("log-queue-max",
                     "The most lines that wait to be written; further ones "
                     "push out the oldest.",
                     &log->queue_max, 16, 1000000),
       NumberSetting("log-similar-max",
                     "The most similar lines in a second; the rest is counted.",
                     &log->similar_per_second_max, 1, 1000000)}};
}

}  // namespace holdline
