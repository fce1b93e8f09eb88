#include "server/queries/marker.h"

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/contract/validation.h"

namespace holdline {
namespace {

constexpr char kSeparator = ':';

absl::Status NoMarker() {
  return ConstraintError("marker",
                         "Member must be a marker from an earlier response");
}

}  // namespace

std::string MakeMarker(MarkerKind kind,
                       std::initializer_list<int64_t> numbers) {
  std::string text(1, static_cast<char>(kind));
  for (const int64_t number : numbers) {
    absl::StrAppend(&text, std::string(1, kSeparator), number);
  }
  return absl::WebSafeBase64Escape(text);
}

absl::StatusOr<std::vector<int64_t>> ReadMarker(absl::string_view marker,
                                                MarkerKind kind, size_t count) {
  std::string text;
  if (!absl::WebSafeBase64Unescape(marker, &text)) return NoMarker();
  const std::vector<std::string> parts = absl::StrSplit(text, kSeparator);
  if (parts.size() != count + 1 ||
      parts[0] != std::string(1, static_cast<char>(kind))) {
    return NoMarker();
  }
  std::vector<int64_t> numbers(count);
  for (size_t i = 0; i < count; ++i) {
    if (!absl::SimpleAtoi(parts[i + 1], &numbers[i])) return NoMarker();
  }
  return numbers;
}

}  // namespace holdline
