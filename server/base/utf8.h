// Texts in UTF-8, read, counted and cut by the character.
//
// A character is a Unicode code point. Each function takes any bytes: what is
// not UTF-8 is no error here.

#ifndef HOLDLINE_SERVER_BASE_UTF8_H_
#define HOLDLINE_SERVER_BASE_UTF8_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace holdline {

struct Utf8Character {
  char32_t code = 0;
  size_t bytes = 0;  // 1 to 4, or 0 if there is no character
};

// Returns the character that `text` begins with. There is none if the text is
// empty or does not begin with well-formed UTF-8 (Unicode, table 3-7): overlong
// forms, surrogates, what lies beyond U+10FFFF, or what is cut off.
Utf8Character FirstCharacter(absl::string_view text);

// Returns how many bytes begin a character: of UTF-8, how many characters it
// has.
size_t CountCharacters(absl::string_view text);

// Returns the longest beginning of `text` that has at most `bytes_max` bytes
// and, if the text is UTF-8, ends with a whole character.
absl::string_view WholeCharacters(absl::string_view text, size_t bytes_max);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BASE_UTF8_H_
