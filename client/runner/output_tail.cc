#include "client/runner/output_tail.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace holdline::client {
namespace {

// The length of the well-formed character at `at` (Unicode, table 3-7), or 0.
size_t CharacterLength(const std::string& text, size_t at) {
  const auto byte = [&](size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0;
  };
  const auto within = [](unsigned value, unsigned low, unsigned high) {
    return value >= low && value <= high;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  // The second byte's range excludes overlong forms, surrogates and what lies
  // beyond U+10FFFF.
  const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (!within(lead, 0xC2, 0xF4) || !within(byte(1), low, high)) return 0;
  const size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  for (size_t i = 2; i < length; ++i) {
    if (!within(byte(i), 0x80, 0xBF)) return 0;
  }
  return length;
}

std::string ToUtf8(const std::string& text) {
  std::string valid;
  for (size_t at = 0; at < text.size();) {
    const size_t length = CharacterLength(text, at);
    if (length == 0) {
      valid += '?';
      ++at;
    } else {
      valid.append(text, at, length);
      at += length;
    }
  }
  return valid;
}

}  // namespace

std::string OutputTail(const std::string& path, int64_t start,
                       int64_t bytes_max) {
  // To open a pipe would be to wait for who writes.
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return "";
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return "";
  const int64_t size = file.tellg();
  const int64_t from = std::max(start, size - bytes_max);
  if (from >= size) return "";
  file.seekg(from);
  std::string text(static_cast<size_t>(size - from), '\0');
  file.read(text.data(), size - from);
  text.resize(static_cast<size_t>(file.gcount()));
  if (from > start) {
    const size_t line_end = text.find('\n');
    if (line_end != std::string::npos && line_end + 1 < text.size()) {
      text.erase(0, line_end + 1);
    }
  }
  return ToUtf8(text);
}

}  // namespace holdline::client
