// What becomes of settings that are changed while the server runs.

#ifndef HOLDLINE_SERVER_SETTINGS_RELOAD_H_
#define HOLDLINE_SERVER_SETTINGS_RELOAD_H_

#include <string>

#include "absl/status/statusor.h"
#include "server/settings/options.h"

namespace holdline {

struct SettingsChange {
  // The options that count from now on.
  Options options;

  // The settings that were taken on, with their values: `a=1, b=2s`.
  std::string taken;

  // The names of those that count from the next start: `c, d`.
  std::string left;
};

// Takes from `wanted` what a server that runs with `running` can take on.
// Errors as those of CheckOptions: nothing is taken on.
absl::StatusOr<SettingsChange> ChangeSettings(const Options& running,
                                              const Options& wanted);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_SETTINGS_RELOAD_H_
