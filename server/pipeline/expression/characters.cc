#include "server/pipeline/expression/characters.h"

#include <algorithm>

namespace holdline {
namespace {

bool BeginsCharacter(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
}

}  // namespace

size_t CharactersIn(absl::string_view text) {
  return std::count_if(text.begin(), text.end(), BeginsCharacter);
}

absl::string_view WholeCharacters(absl::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  while (bytes_max > 0 && !BeginsCharacter(text[bytes_max])) --bytes_max;
  return text.substr(0, bytes_max);
}

}  // namespace holdline
