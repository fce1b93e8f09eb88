#include "client/command_line/pipelines/tag_argument.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace holdline::client {

absl::StatusOr<Tags> ParseTags(const std::vector<std::string>& texts) {
  Tags tags;
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("The tag ", text,
                       " is not of the form KEY=VALUE, such as team=reports."));
    }
    v1::Tag& tag = *tags.Add();
    tag.set_key(text.substr(0, equals));
    tag.set_value(text.substr(equals + 1));
  }
  return tags;
}

}  // namespace holdline::client
