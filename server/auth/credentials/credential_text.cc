#include "server/auth/credentials/credential_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace holdline {
namespace {

bool HasLength(absl::string_view text, size_t min, size_t max) {
  return text.size() >= min && text.size() <= max;
}

template <typename Test>
bool EachIs(absl::string_view text, Test test) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return test(static_cast<unsigned char>(c));
  });
}

bool IsVisible(absl::string_view text) {
  return EachIs(text, absl::ascii_isgraph);
}

}  // namespace

bool IsAccessKey(absl::string_view text) {
  return HasLength(text, 1, 128) && EachIs(text, [](unsigned char c) {
           return absl::ascii_isalnum(c) || c == '_';
         });
}

bool IsSecret(absl::string_view text) {
  return HasLength(text, 16, 1024) && IsVisible(text);
}

bool IsSessionToken(absl::string_view text) {
  return HasLength(text, 16, 4096) && IsVisible(text);
}

bool IsAccount(absl::string_view text) {
  return text.size() == 12 && EachIs(text, absl::ascii_isdigit);
}

bool IsUser(absl::string_view text) {
  return HasLength(text, 1, 64) && EachIs(text, [](unsigned char c) {
           return absl::ascii_isalnum(c) ||
                  absl::StrContains("_+=,.@-", static_cast<char>(c));
         });
}

bool IsWorkerGroupPattern(absl::string_view text) {
  return HasLength(text, 1, 1024) && text.find('*') >= text.size() - 1;
}

bool IsCertificateName(absl::string_view text) {
  return HasLength(text, 1, 1024) && IsVisible(text);
}

bool ReadHoldMax(absl::string_view text, absl::Duration* hold_max) {
  absl::Duration read;
  if (!absl::ParseDuration(text, &read) || read < absl::Seconds(1) ||
      read > absl::Seconds(90)) {
    return false;
  }
  *hold_max = read;
  return true;
}

bool ReadExpiry(absl::string_view text, absl::Time* expires_at) {
  absl::Time read;
  if (!absl::ParseTime(absl::RFC3339_full, text, &read, nullptr) ||
      read == absl::InfiniteFuture() || read == absl::InfinitePast()) {
    return false;
  }
  *expires_at = read;
  return true;
}

std::string ExpiryText(absl::Time expires_at) {
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%SZ", expires_at,
                          absl::UTCTimeZone());
}

}  // namespace holdline
