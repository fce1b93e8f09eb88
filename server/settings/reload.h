// Reloading of settings while the server runs.

#ifndef HOLDLINE_SERVER_SETTINGS_RELOAD_H_
#define HOLDLINE_SERVER_SETTINGS_RELOAD_H_

#include <string>

#include "absl/status/statusor.h"
#include "server/settings/options.h"

namespace holdline {

struct SettingsChange {
  // The options in effect.
  Options options;

  // The settings that took effect, with their values: `a=1, b=2s`.
  std::string taken;

  // The names of those that need a restart: `c, d`.
  std::string left;
};

// Applies those settings of `wanted` that a running server can change. Errors
// as those of CheckOptions: nothing is applied.
absl::StatusOr<SettingsChange> ChangeSettings(const Options& running,
                                              const Options& wanted);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_SETTINGS_RELOAD_H_
