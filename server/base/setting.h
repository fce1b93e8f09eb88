// One thing about the server that can be set from outside.

#ifndef HOLDLINE_SERVER_BASE_SETTING_H_
#define HOLDLINE_SERVER_BASE_SETTING_H_

#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace holdline {

// Knows how to read and show a value that it does not own and that must outlive
// it. Errors are INVALID_ARGUMENT, name the value and the limit but not the
// setting, and leave the value as it was.
struct Setting {
  // As on the command line, without the dashes: `hold-max`.
  std::string name;

  // The placeholder of the value in the help: `DURATION`.
  std::string placeholder;

  // The help text: a sentence.
  std::string help;

  // Which values are allowed, such as `1s to 90s`; empty if the help says so.
  std::string range;

  std::function<absl::Status(const std::string& text)> set;

  // Returns the value in the form that `set` reads.
  std::function<std::string()> get;

  // Whether the value is a number, which the file shows without quotes.
  bool numeric = false;

  // Whether SIGHUP reloads it; otherwise it needs a restart.
  bool reloadable = false;
};

// The same setting, which a running server takes on.
inline Setting Reloadable(Setting setting) {
  setting.reloadable = true;
  return setting;
}

// Settings that belong together, under a heading.
struct SettingGroup {
  std::string heading;
  std::vector<Setting> settings;
};

// The largest value of a type, for settings without a tighter limit of their
// own.
template <typename Integer>
constexpr int64_t kLargest =
    std::numeric_limits<Integer>::max() > std::numeric_limits<int64_t>::max()
        ? std::numeric_limits<int64_t>::max()
        : std::numeric_limits<Integer>::max();

// Returns INVALID_ARGUMENT: the text in quotes, and what is wrong with it.
absl::Status InvalidValue(absl::string_view text, absl::string_view wrong);

// Returns INVALID_ARGUMENT for a value that lies outside of `range`, such as
// `1s to 90s`.
absl::Status ValueOutOfRange(absl::string_view text, absl::string_view range);

// Reads a whole number from `min` to `max`.
absl::Status ReadNumber(const std::string& text, int64_t min, int64_t max,
                        int64_t* value);

// Reads a number of bytes from `min` to `max`: `65536`, `64KiB`, `2MiB`,
// `1GiB`.
absl::Status ReadBytes(const std::string& text, int64_t min, int64_t max,
                       int64_t* value);

// Returns a number of bytes in the largest unit that is exact.
std::string ShowBytes(int64_t bytes);

// A text that `check` accepts.
Setting TextSetting(std::string name, std::string placeholder, std::string help,
                    std::string* value,
                    std::function<absl::Status(const std::string& text)> check);

// A length of time from `min` to `max`, such as `90s`, `2m` or `1h30m`.
Setting DurationSetting(std::string name, std::string help,
                        absl::Duration* value, absl::Duration min,
                        absl::Duration max);

template <typename Integer>
Setting NumberSetting(std::string name, std::string help, Integer* value,
                      int64_t min, int64_t max) {
  return {.name = std::move(name),
          .placeholder = "NUMBER",
          .help = std::move(help),
          .range = absl::StrCat(min, " to ", max),
          .set =
              [=](const std::string& text) {
                int64_t number = 0;
                absl::Status status = ReadNumber(text, min, max, &number);
                if (status.ok()) *value = static_cast<Integer>(number);
                return status;
              },
          .get = [value] { return absl::StrCat(*value); },
          .numeric = true};
}

template <typename Integer>
Setting BytesSetting(std::string name, std::string help, Integer* value,
                     int64_t min, int64_t max) {
  return {.name = std::move(name),
          .placeholder = "BYTES",
          .help = std::move(help),
          .range = absl::StrCat(ShowBytes(min), " to ", ShowBytes(max)),
          .set =
              [=](const std::string& text) {
                int64_t number = 0;
                absl::Status status = ReadBytes(text, min, max, &number);
                if (status.ok()) *value = static_cast<Integer>(number);
                return status;
              },
          .get = [value] { return ShowBytes(static_cast<int64_t>(*value)); }};
}

// One of a few words, each of which stands for a value.
template <typename Value>
Setting ChoiceSetting(std::string name, std::string help, Value* value,
                      std::vector<std::pair<std::string, Value>> words) {
  std::string range;
  for (const auto& [word, meaning] : words) {
    absl::StrAppend(&range, range.empty() ? "" : ", ", word);
  }
  return {.name = std::move(name),
          .placeholder = "WORD",
          .help = std::move(help),
          .range = absl::StrCat("one of ", range),
          .set = [=](const std::string& text) -> absl::Status {
            for (const auto& [word, meaning] : words) {
              if (word != text) continue;
              *value = meaning;
              return absl::OkStatus();
            }
            return absl::InvalidArgumentError(
                absl::StrCat("\"", text, "\" is not one of ", range));
          },
          .get = [=]() -> std::string {
            for (const auto& [word, meaning] : words) {
              if (meaning == *value) return word;
            }
            return "";
          }};
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BASE_SETTING_H_
