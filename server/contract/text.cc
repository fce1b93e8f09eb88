#include "server/contract/text.h"

#include <cstring>

#include "server/base/utf8.h"

namespace holdline {
namespace {

bool IsPrintable(char32_t code) {
  return code >= 0x20 ? code != 0xFFFE && code != 0xFFFF
                      : code == '\t' || code == '\n' || code == '\r';
}

// Whether the eight bytes at `bytes` are ASCII from the space on: the common
// case, eight characters at a time.
bool EightPlain(const char* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof(word));
  constexpr uint64_t kHighBits = 0x8080808080808080;
  // Taking 0x20 from each byte borrows, and so sets a high bit, if one is less.
  return ((word | (word - 0x2020202020202020)) & kHighBits) == 0;
}

}  // namespace

TextFacts ExamineText(absl::string_view text) {
  TextFacts facts;
  size_t at = 0;
  while (at < text.size()) {
    if (text.size() - at >= 8 && EightPlain(text.data() + at)) {
      at += 8;
      facts.characters += 8;
      continue;
    }
    const Utf8Character character = FirstCharacter(text.substr(at));
    if (character.bytes == 0) {
      facts.valid = false;
      return facts;
    }
    at += character.bytes;
    ++facts.characters;
    facts.printable = facts.printable && IsPrintable(character.code);
  }
  return facts;
}

}  // namespace holdline
