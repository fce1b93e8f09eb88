#include "client/command_line/pipelines/tag_argument.h"

#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "client/command_line/verb/field_argument.h"

namespace holdline::client {

absl::StatusOr<Tags> ParseTags(const std::vector<std::string>& texts) {
  Tags tags;
  for (const std::string& text : texts) {
    const std::optional<KeyAndValue> typed = ParseKeyAndValue(text);
    if (!typed.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("The tag ", text,
                       " is not of the form KEY=VALUE, such as team=reports."));
    }
    v1::Tag& tag = *tags.Add();
    tag.set_key(typed->key);
    tag.set_value(typed->value);
  }
  return tags;
}

}  // namespace holdline::client
