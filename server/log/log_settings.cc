#include "server/log/log_settings.h"

namespace holdline {

SettingGroup LogSettings(LogOptions* log) {
  return {
      "Log (standard error)",
      {ChoiceSetting<LogFormat>(
           "log-format", "The format of log lines.", &log->format,
           {{"text", LogFormat::kText}, {"json", LogFormat::kJson}}),
       Reloadable(ChoiceSetting<LogLevel>("log-level",
                                          "The lowest level that is written; "
                                          "debug includes every state change.",
                                          &log->level,
                                          {{"debug", LogLevel::kDebug},
                                           {"info", LogLevel::kInfo},
                                           {"warning", LogLevel::kWarning},
                                           {"error", LogLevel::kError}})),
       ChoiceSetting<bool>(
           "log-audit",
           "Whether to write an audit log, if there are credentials: each call "
           "that changes something, and each refusal, at level info.",
           &log->audit, {{"no", false}, {"yes", true}}),
       NumberSetting("log-queue-max",
                     "The most lines that are queued to be written; beyond it "
                     "the oldest is dropped.",
                     &log->queue_max, 16, 1000000),
       NumberSetting(
           "log-similar-max",
           "The most similar lines in a second; the rest are counted.",
           &log->similar_per_second_max, 1, 1000000)}};
}

}  // namespace holdline
