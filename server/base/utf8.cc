#include "server/base/utf8.h"

#include <algorithm>

#include "utf8/checked.h"
#include "utf8/unchecked.h"

namespace holdline {
namespace {

constexpr size_t kCharacterBytesMax = 4;

bool BeginsCharacter(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

}  // namespace

Utf8Character FirstCharacter(absl::string_view text) {
  const char* const begin = text.data();
  const char* const end = begin + std::min(text.size(), kCharacterBytesMax);
  // Up to here it is valid: behind the first character, if there is one.
  if (utf8::find_invalid(begin, end) == begin) return {};
  const char* at = begin;
  const char32_t code = utf8::unchecked::next(at);
  return {.code = code, .bytes = static_cast<size_t>(at - begin)};
}

size_t CountCharacters(absl::string_view text) {
  return std::count_if(text.begin(), text.end(), BeginsCharacter);
}

absl::string_view WholeCharacters(absl::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  while (bytes_max > 0 && !BeginsCharacter(text[bytes_max])) --bytes_max;
  return text.substr(0, bytes_max);
}

}  // namespace holdline
