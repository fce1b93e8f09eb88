#include "server/rpc/task_token.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/auth/credential_check.h"

namespace holdline {
namespace {

constexpr char kVersion = 1;
constexpr size_t kNumberBytes = 8;
constexpr size_t kFieldsBytes = 1 + 2 * kNumberBytes;

// Tells this use of the secret from others.
constexpr absl::string_view kKeyLabel = "holdline task id 1";

void AppendNumber(uint64_t number, std::string* out) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    out->push_back(static_cast<char>(number >> shift));
  }
}

uint64_t NumberAt(absl::string_view bytes, size_t at) {
  uint64_t number = 0;
  for (size_t i = 0; i < kNumberBytes; ++i) {
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return number;
}

absl::Status NotIssued() {
  return absl::NotFoundError("no task has this taskId");
}

}  // namespace

TaskTokens::TaskTokens(absl::string_view secret)
    : key_(HmacSha256(secret, kKeyLabel)) {}

Sha256Digest TaskTokens::Sign(const AccountId& account,
                              absl::string_view fields) const {
  // The fields have a fixed length, so what follows them is the account.
  return HmacSha256(AsBytes(key_), absl::StrCat(fields, account.value));
}

std::string TaskTokens::Issue(const AccountId& account,
                              const LeaseName& lease) const {
  std::string token;
  token.reserve(kFieldsBytes + kSha256Bytes);
  token.push_back(kVersion);
  AppendNumber(static_cast<uint64_t>(lease.task), &token);
  AppendNumber(static_cast<uint64_t>(lease.lease), &token);
  absl::StrAppend(&token, AsBytes(Sign(account, token)));
  return absl::Base64Escape(token);
}

absl::StatusOr<LeaseName> TaskTokens::Read(const AccountId& account,
                                           absl::string_view token) const {
  std::string bytes;
  if (!absl::Base64Unescape(token, &bytes) ||
      bytes.size() != kFieldsBytes + kSha256Bytes || bytes[0] != kVersion) {
    return NotIssued();
  }
  const LeaseName lease{TaskId{NumberAt(bytes, 1)},
                        LeaseId{NumberAt(bytes, 1 + kNumberBytes)}};
  // Compared as text, so that there is one spelling of each id only.
  const std::string issued = Issue(account, lease);
  if (!SameSecret(issued, token)) return NotIssued();
  return lease;
}

}  // namespace holdline
