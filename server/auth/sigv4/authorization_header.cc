#include "server/auth/sigv4/authorization_header.h"

#include <algorithm>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/auth/credentials/credential_check.h"

namespace holdline {
namespace {

// The three parts of the header, as they were sent.
struct Parts {
  absl::string_view credential;
  absl::string_view signed_headers;
  absl::string_view signature;
};

// The parts of a credential's scope, which follow the access key.
constexpr size_t kScopeParts = 4;

absl::Status Needs(absl::string_view part) {
  return IncompleteCredentialError(
      absl::StrCat("Authorization header requires '", part, "' parameter."));
}

// The member of `parts` that is called so, or null.
absl::string_view* PartNamed(absl::string_view name, Parts* parts) {
  if (name == "Credential") return &parts->credential;
  if (name == "SignedHeaders") return &parts->signed_headers;
  if (name == "Signature") return &parts->signature;
  return nullptr;
}

absl::Status ReadPart(absl::string_view text, Parts* parts) {
  const size_t equals = text.find('=');
  if (equals == absl::string_view::npos) {
    return IncompleteCredentialError(
        "A part of the Authorization header is not a key=value pair.");
  }
  absl::string_view* const part = PartNamed(text.substr(0, equals), parts);
  if (part == nullptr || !part->empty()) {
    return IncompleteCredentialError(
        "The Authorization header has an unknown or repeated parameter.");
  }
  *part = text.substr(equals + 1);
  return absl::OkStatus();
}

absl::Status ReadParts(absl::string_view text, Parts* parts) {
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    const absl::Status status =
        ReadPart(absl::StripAsciiWhitespace(part), parts);
    if (!status.ok()) return status;
  }
  if (parts->credential.empty()) return Needs("Credential");
  if (parts->signed_headers.empty()) return Needs("SignedHeaders");
  if (parts->signature.empty()) return Needs("Signature");
  return absl::OkStatus();
}

// The access key may itself hold slashes, so the scope is read from the end.
bool ReadCredential(absl::string_view credential, AuthorizationHeader* header) {
  absl::string_view* const scope[kScopeParts] = {
      &header->terminator, &header->service, &header->region, &header->date};
  for (absl::string_view* const part : scope) {
    const size_t slash = credential.rfind('/');
    if (slash == absl::string_view::npos) return false;
    *part = credential.substr(slash + 1);
    credential = credential.substr(0, slash);
    if (part->empty()) return false;
  }
  header->access_key = credential;
  return !credential.empty();
}

bool IsLowerCase(absl::string_view name) {
  return !name.empty() && std::none_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isupper(static_cast<unsigned char>(c)) ||
           absl::ascii_isspace(static_cast<unsigned char>(c));
  });
}

bool ReadSignedHeaders(absl::string_view names, AuthorizationHeader* header) {
  header->signed_headers = names;
  header->signed_header_names = absl::StrSplit(names, ';');
  const auto& read = header->signed_header_names;
  return std::all_of(read.begin(), read.end(), IsLowerCase) &&
         std::adjacent_find(read.begin(), read.end(),
                            [](absl::string_view a, absl::string_view b) {
                              return a >= b;
                            }) == read.end();
}

}  // namespace

absl::StatusOr<AuthorizationHeader> ParseAuthorizationHeader(
    absl::string_view value) {
  value = absl::StripAsciiWhitespace(value);
  if (!absl::ConsumePrefix(&value, kSigningAlgorithm) || value.empty() ||
      !absl::ascii_isspace(static_cast<unsigned char>(value.front()))) {
    return IncompleteCredentialError(absl::StrCat(
        "The Authorization header must begin with ", kSigningAlgorithm, "."));
  }
  Parts parts;
  const absl::Status status = ReadParts(value, &parts);
  if (!status.ok()) return status;
  AuthorizationHeader header;
  if (!ReadCredential(parts.credential, &header)) {
    return IncompleteCredentialError(
        "The Credential must be ACCESSKEY/DATE/REGION/SERVICE/aws4_request.");
  }
  if (!ReadSignedHeaders(parts.signed_headers, &header)) {
    return IncompleteCredentialError(
        "The SignedHeaders must be in lower case, sorted, and each once.");
  }
  header.signature = parts.signature;
  return header;
}

}  // namespace holdline
