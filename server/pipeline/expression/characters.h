// Characters of UTF-8 texts, as they are counted and cut.

#ifndef HOLDLINE_SERVER_PIPELINE_EXPRESSION_CHARACTERS_H_
#define HOLDLINE_SERVER_PIPELINE_EXPRESSION_CHARACTERS_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace holdline {

// Returns how many characters the text has.
size_t CharactersIn(absl::string_view text);

// Returns the longest beginning of the text that has at most `bytes_max` bytes
// and ends with a whole character.
absl::string_view WholeCharacters(absl::string_view text, size_t bytes_max);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_EXPRESSION_CHARACTERS_H_
