#include "server/settings/reload.h"

#include <cstddef>
#include <vector>

#include "absl/strings/str_cat.h"

namespace holdline {
namespace {

std::vector<Setting> FlatSettingsOf(Options* options) {
  std::vector<Setting> settings;
  for (SettingGroup& group : SettingsOf(options)) {
    for (Setting& setting : group.settings) settings.push_back(setting);
  }
  return settings;
}

void Append(std::string* list, const std::string& item) {
  absl::StrAppend(list, list->empty() ? "" : ", ", item);
}

}  // namespace

absl::StatusOr<SettingsChange> ChangeSettings(const Options& running,
                                              const Options& wanted) {
  SettingsChange change{running, "", ""};
  Options source = wanted;
  const std::vector<Setting> from = FlatSettingsOf(&source);
  const std::vector<Setting> to = FlatSettingsOf(&change.options);
  for (size_t i = 0; i < to.size(); ++i) {
    const std::string value = from[i].get();
    if (value == to[i].get()) continue;
    if (!to[i].reloadable) {
      Append(&change.left, to[i].name);
      continue;
    }
    absl::Status status = to[i].set(value);
    if (!status.ok()) return status;
    Append(&change.taken, absl::StrCat(to[i].name, "=", value));
  }
  absl::Status status = CheckOptions(change.options);
  if (!status.ok()) return status;
  return change;
}

}  // namespace holdline
