#include "server/rpc/services/task_token.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/auth/credentials/credential_check.h"
#include "server/auth/sigv4/sha256.h"

namespace holdline {
namespace {

constexpr size_t kNumberBytes = 8;
constexpr size_t kFieldsBytes = 2 * kNumberBytes;

// What tells this use of the secret from others.
constexpr char kVersion = 2;
constexpr absl::string_view kPurpose = "holdline task id 2";

// Those of earlier versions could be read by who had them. Tasks outlive the
// version that handed them out.
constexpr char kOpenVersion = 1;
constexpr absl::string_view kOpenLabel = "holdline task id 1";

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
    : seal_(secret, kPurpose), open_key_(HmacSha256(secret, kOpenLabel)) {}

std::string TaskTokens::Issue(const AccountId& account,
                              const LeaseName& lease) const {
  std::string fields;
  AppendNumber(static_cast<uint64_t>(lease.task), &fields);
  AppendNumber(static_cast<uint64_t>(lease.lease), &fields);
  return absl::Base64Escape(absl::StrCat(absl::string_view(&kVersion, 1),
                                         seal_.Close(account.value, fields)));
}

absl::StatusOr<LeaseName> TaskTokens::Read(const AccountId& account,
                                           absl::string_view token) const {
  std::string bytes;
  // Compared as text, so that there is one spelling of each id only.
  if (!absl::Base64Unescape(token, &bytes) || bytes.empty() ||
      absl::Base64Escape(bytes) != token) {
    return NotIssued();
  }
  const absl::string_view rest = absl::string_view(bytes).substr(1);
  const std::optional<std::string> fields =
      bytes[0] == kVersion ? seal_.Open(account.value, rest)
                           : ReadOpen(account, bytes);
  if (!fields.has_value() || fields->size() != kFieldsBytes) return NotIssued();
  return LeaseName{TaskId{NumberAt(*fields, 0)},
                   LeaseId{NumberAt(*fields, kNumberBytes)}};
}

std::optional<std::string> TaskTokens::ReadOpen(const AccountId& account,
                                                absl::string_view bytes) const {
  if (bytes[0] != kOpenVersion ||
      bytes.size() != 1 + kFieldsBytes + kSha256Bytes) {
    return std::nullopt;
  }
  const absl::string_view signed_part = bytes.substr(0, 1 + kFieldsBytes);
  const Sha256Digest expected =
      HmacSha256(AsBytes(open_key_), absl::StrCat(signed_part, account.value));
  if (!SameSecret(AsBytes(expected), bytes.substr(signed_part.size()))) {
    return std::nullopt;
  }
  return std::string(signed_part.substr(1));
}

}  // namespace holdline
