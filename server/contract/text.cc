#include "server/contract/text.h"

#include <cstring>

namespace holdline {
namespace {

bool IsContinuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// A lead byte: how many bytes follow, the bits it contributes, and the least
// character that needs that many bytes.
struct Lead {
  size_t following;
  uint32_t bits;
  uint32_t least;
};

bool ParseLead(unsigned char byte, Lead* lead) {
  if ((byte & 0xE0) == 0xC0) {
    *lead = {1, byte & 0x1Fu, 0x80};
  } else if ((byte & 0xF0) == 0xE0) {
    *lead = {2, byte & 0x0Fu, 0x800};
  } else if ((byte & 0xF8) == 0xF0) {
    *lead = {3, byte & 0x07u, 0x10000};
  } else {
    return false;
  }
  return true;
}

// Reads a character of more than one byte at `*at` and moves `*at` behind it.
bool ReadWide(absl::string_view text, size_t* at, uint32_t* character) {
  Lead lead;
  if (!ParseLead(static_cast<unsigned char>(text[*at]), &lead) ||
      text.size() - *at <= lead.following) {
    return false;
  }
  uint32_t value = lead.bits;
  for (size_t i = 1; i <= lead.following; ++i) {
    if (!IsContinuation(text[*at + i])) return false;
    value = value << 6 | (static_cast<unsigned char>(text[*at + i]) & 0x3Fu);
  }
  *at += lead.following + 1;
  *character = value;
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  return value >= lead.least && value <= 0x10FFFF && !surrogate;
}

bool IsPrintableAscii(unsigned char byte) {
  return byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r';
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
    const auto byte = static_cast<unsigned char>(text[at]);
    ++facts.characters;
    if (byte < 0x80) {
      ++at;
      facts.printable = facts.printable && IsPrintableAscii(byte);
      continue;
    }
    uint32_t character;
    if (!ReadWide(text, &at, &character)) {
      facts.valid = false;
      return facts;
    }
    if (character == 0xFFFE || character == 0xFFFF) facts.printable = false;
  }
  return facts;
}

absl::string_view TextPrefix(absl::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  size_t end = bytes_max;
  while (end > 0 && IsContinuation(text[end])) --end;
  return text.substr(0, end);
}

}  // namespace holdline
