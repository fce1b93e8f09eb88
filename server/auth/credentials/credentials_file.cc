#include "server/auth/credentials/credentials_file.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "boost/json/array.hpp"
#include "boost/json/error.hpp"
#include "boost/json/object.hpp"
#include "boost/json/parser.hpp"
#include "boost/json/serialize.hpp"
#include "boost/json/value.hpp"
#include "server/auth/credentials/credential_text.h"
#include "server/auth/credentials/json_members.h"
#include "server/auth/credentials/key_file.h"
#include "server/auth/credentials/principal_check.h"
#include "server/auth/credentials/role_name.h"
#include "server/auth/credentials/sealed_secret.h"
#include "server/auth/credentials/secret_file.h"

namespace holdline {
namespace {

namespace json = boost::json;

constexpr size_t kFileBytesMax = size_t{16} << 20;

// What is longer than any secret in its protected form.
constexpr size_t kSealedBytesMax = 4096;

absl::Status Malformed(absl::string_view what) {
  return absl::InvalidArgumentError(what);
}

absl::StatusOr<json::value> ParseJson(absl::string_view text) {
  json::parser parser;
  boost::system::error_code error;
  size_t at = parser.write_some(text.data(), text.size(), error);
  if (error == json::error::incomplete) {
    return Malformed("it is truncated JSON");
  }
  if (!error) {
    at = text.find_first_not_of(" \t\r\n", at);
    if (at == absl::string_view::npos) return parser.release();
  }
  const auto line = std::count(text.begin(), text.begin() + at, '\n') + 1;
  return Malformed(
      absl::StrCat("line ", line, " is not JSON: ",
                   error ? error.message() : "there is data after the end"));
}

TextRule Rule(const char* must, bool (*holds)(absl::string_view)) {
  return {must, holds};
}

Roles ReadRoles(JsonMembers* members) {
  const TextRule rule = {
      absl::StrCat("be one of ", AllRoleNames()),
      [](absl::string_view text) { return ParseRole(text).has_value(); }};
  Roles roles;
  const std::vector<std::string> names = members->Texts("roles", rule);
  for (const std::string& name : names) roles.Add(*ParseRole(name));
  if (names.empty()) members->Refuse("roles", "must name at least one");
  return roles;
}

Principal ReadPrincipal(JsonMembers* members) {
  Principal principal;
  principal.account.value =
      members->Text("account", Rule(kAccountForm, IsAccount));
  principal.user = members->Text("user", Rule(kUserForm, IsUser));
  principal.roles = ReadRoles(members);
  principal.worker_groups = members->Texts(
      "workerGroups", Rule(kWorkerGroupPatternForm, IsWorkerGroupPattern));
  members->OptionalText("holdMax",
                        {kHoldMaxForm, [&principal](absl::string_view text) {
                           return ReadHoldMax(text, &principal.hold_max);
                         }});
  if (const auto fault = CheckPrincipal(principal)) {
    members->Refuse(fault->member == PrincipalFault::Member::kHoldMax
                        ? "holdMax"
                        : "workerGroups",
                    fault->what);
  }
  return principal;
}

void ReadSecrets(JsonMembers* members, CredentialEntry* entry) {
  Credential* const credential = &entry->credential;
  credential->secret =
      members->OptionalText("secret", Rule(kSecretForm, IsSecret));
  entry->sealed_secret = members->OptionalText(
      "protectedSecret", {"have 1 to 4096 bytes", [](absl::string_view text) {
                            return !text.empty() &&
                                   text.size() <= kSealedBytesMax;
                          }});
  if (members->Has("secret") == members->Has("protectedSecret")) {
    members->Refuse("secret", "or protectedSecret is required, and not both");
  }
  credential->session_token = members->OptionalText(
      "sessionToken", Rule(kSessionTokenForm, IsSessionToken));
  members->OptionalText("expires",
                        {kExpiryForm, [credential](absl::string_view text) {
                           return ReadExpiry(text, &credential->expires_at);
                         }});
  if (members->Has("sessionToken") && !members->Has("expires")) {
    members->Refuse("expires", "is required with sessionToken");
  }
}

absl::StatusOr<CredentialEntry> ReadCredential(const json::value& value,
                                               const std::string& place) {
  JsonMembers members(value, place);
  CredentialEntry entry;
  Credential& credential = entry.credential;
  credential.access_key =
      members.Text("accessKey", Rule(kAccessKeyForm, IsAccessKey));
  ReadSecrets(&members, &entry);
  credential.disabled = members.Flag("disabled");
  credential.principal = ReadPrincipal(&members);
  credential.principal.access_key = credential.access_key;
  const absl::Status status = members.Finish();
  if (!status.ok()) return status;
  return entry;
}

absl::StatusOr<CertificateMapping> ReadCertificate(const json::value& value,
                                                   const std::string& place) {
  JsonMembers members(value, place);
  CertificateMapping mapping;
  mapping.name =
      members.Text("name", Rule(kCertificateNameForm, IsCertificateName));
  mapping.principal = ReadPrincipal(&members);
  const absl::Status status = members.Finish();
  if (!status.ok()) return status;
  return mapping;
}

const std::string& KeyOf(const CredentialEntry& entry) {
  return entry.credential.access_key;
}

const std::string& KeyOf(const CertificateMapping& mapping) {
  return mapping.name;
}

// Reads each element of a list, whose keys, the members named `key`, differ.
template <typename Entry>
absl::StatusOr<std::vector<Entry>> ReadEach(
    const json::array& list, absl::string_view name, absl::string_view key,
    absl::StatusOr<Entry> (*read)(const json::value&, const std::string&)) {
  std::vector<Entry> entries;
  std::set<std::string> keys;
  for (const json::value& value : list) {
    const std::string place = absl::StrCat(name, "[", entries.size(), "]");
    absl::StatusOr<Entry> entry = read(value, place);
    if (!entry.ok()) return entry.status();
    if (!keys.insert(KeyOf(*entry)).second) {
      return Malformed(
          absl::StrCat(place, ".", key, " is used by another entry, too"));
    }
    entries.push_back(*std::move(entry));
  }
  return entries;
}

json::array ToArray(const std::vector<std::string>& texts) {
  json::array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

void AddPrincipal(const Principal& principal, json::object* object) {
  object->emplace("account", principal.account.value);
  object->emplace("user", principal.user);
  object->emplace("roles", ToArray(Names(principal.roles)));
  if (!principal.worker_groups.empty()) {
    object->emplace("workerGroups", ToArray(principal.worker_groups));
  }
  if (principal.hold_max != absl::InfiniteDuration()) {
    object->emplace("holdMax", absl::FormatDuration(principal.hold_max));
  }
}

json::object ToObject(const CredentialEntry& entry) {
  const Credential& credential = entry.credential;
  json::object object;
  object.emplace("accessKey", credential.access_key);
  if (entry.sealed_secret.empty()) {
    object.emplace("secret", credential.secret);
  } else {
    object.emplace("protectedSecret", entry.sealed_secret);
  }
  if (!credential.session_token.empty()) {
    object.emplace("sessionToken", credential.session_token);
  }
  if (credential.expires_at != absl::InfiniteFuture()) {
    object.emplace("expires", ExpiryText(credential.expires_at));
  }
  AddPrincipal(credential.principal, &object);
  if (credential.disabled) object.emplace("disabled", true);
  return object;
}

json::object ToObject(const CertificateMapping& mapping) {
  json::object object;
  object.emplace("name", mapping.name);
  AddPrincipal(mapping.principal, &object);
  return object;
}

template <typename Entry>
std::string ToLines(const std::vector<Entry>& entries) {
  std::string lines = "[";
  for (const Entry& entry : entries) {
    absl::StrAppend(&lines, lines.size() == 1 ? "\n    " : ",\n    ",
                    json::serialize(ToObject(entry)));
  }
  return absl::StrCat(lines, entries.empty() ? "]" : "\n  ]");
}

absl::Status In(const std::string& path, const absl::Status& status) {
  return absl::Status(
      status.code(),
      absl::StrCat("the credentials file \"", path, "\": ", status.message()));
}

// Opens the secrets that are protected.
absl::Status OpenSecrets(const CredentialOptions& options,
                         CredentialsFile* file) {
  std::optional<std::string> key;
  for (size_t i = 0; i < file->credentials.size(); ++i) {
    CredentialEntry& entry = file->credentials[i];
    if (entry.sealed_secret.empty()) continue;
    const std::string place =
        absl::StrCat("credentials[", i, "].protectedSecret");
    if (options.key_file.empty()) {
      return In(options.file,
                Malformed(absl::StrCat(place, " needs credentials-key-file")));
    }
    if (!key.has_value()) {
      absl::StatusOr<std::string> read = ReadKeyFile(options.key_file);
      if (!read.ok()) return read.status();
      key = *std::move(read);
    }
    absl::StatusOr<std::string> secret =
        OpenSecret(entry.sealed_secret, entry.credential.access_key, *key);
    if (!secret.ok() || !IsSecret(*secret)) {
      return In(
          options.file,
          Malformed(absl::StrCat(
              place, " was not encrypted for this accessKey with the key in \"",
              options.key_file, "\"")));
    }
    entry.credential.secret = *std::move(secret);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CredentialsFile> ParseCredentialsFile(absl::string_view text) {
  const absl::StatusOr<json::value> root = ParseJson(text);
  if (!root.ok()) return root.status();
  JsonMembers members(*root, "");
  const json::array& credentials = members.List("credentials");
  const json::array& certificates = members.List("certificates");
  const absl::Status status = members.Finish();
  if (!status.ok()) return status;
  auto read =
      ReadEach(credentials, "credentials", "accessKey", &ReadCredential);
  if (!read.ok()) return read.status();
  auto mapped =
      ReadEach(certificates, "certificates", "name", &ReadCertificate);
  if (!mapped.ok()) return mapped.status();
  return CredentialsFile{*std::move(read), *std::move(mapped)};
}

absl::StatusOr<CredentialsFile> ReadCredentialsFile(const std::string& path) {
  const absl::StatusOr<std::string> text =
      ReadSecretFile(path, "credentials file", kFileBytesMax);
  if (!text.ok()) return text.status();
  absl::StatusOr<CredentialsFile> file = ParseCredentialsFile(*text);
  if (!file.ok()) return In(path, file.status());
  return file;
}

std::string ToJson(const CredentialsFile& file) {
  return absl::StrCat("{\n  \"credentials\": ", ToLines(file.credentials),
                      ",\n  \"certificates\": ", ToLines(file.certificates),
                      "\n}\n");
}

absl::StatusOr<Credentials> LoadCredentials(const CredentialOptions& options) {
  absl::StatusOr<CredentialsFile> file = ReadCredentialsFile(options.file);
  if (!file.ok()) return file.status();
  const absl::Status status = OpenSecrets(options, &*file);
  if (!status.ok()) return status;
  std::vector<Credential> credentials;
  for (CredentialEntry& entry : file->credentials) {
    credentials.push_back(std::move(entry.credential));
  }
  return Credentials(std::move(credentials), std::move(file->certificates));
}

}  // namespace holdline
