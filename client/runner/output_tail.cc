#include "client/runner/output_tail.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/base/utf8.h"

namespace holdline::client {
namespace {

std::string ToUtf8(absl::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const size_t bytes = FirstCharacter(text).bytes;
    absl::StrAppend(&valid, bytes == 0 ? "?" : text.substr(0, bytes));
    text.remove_prefix(std::max<size_t>(bytes, 1));
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
