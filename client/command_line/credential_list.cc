#include "client/command_line/credential_list.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "boost/json/array.hpp"
#include "boost/json/object.hpp"
#include "boost/json/serialize.hpp"
#include "client/command_line/verb/table.h"
#include "server/auth/credentials/credential_text.h"
#include "server/auth/credentials/role_name.h"

namespace holdline::client {
namespace {

namespace json = boost::json;

std::string StateOf(const Credential& credential, absl::Time now) {
  if (credential.disabled) return "disabled";
  return credential.expires_at <= now ? "expired" : "active";
}

std::string HoldMaxText(const Principal& principal) {
  return principal.hold_max == absl::InfiniteDuration()
             ? ""
             : absl::FormatDuration(principal.hold_max);
}

std::string ExpiryOf(const Credential& credential) {
  return credential.expires_at == absl::InfiniteFuture()
             ? ""
             : ExpiryText(credential.expires_at);
}

std::vector<std::string> CellsOf(const Principal& principal) {
  return {principal.account.value, principal.user,
          absl::StrJoin(Names(principal.roles), ","),
          absl::StrJoin(principal.worker_groups, ","), HoldMaxText(principal)};
}

std::vector<std::string> Join(std::vector<std::string> cells,
                              const std::vector<std::string>& more) {
  cells.insert(cells.end(), more.begin(), more.end());
  return cells;
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
  object->emplace("workerGroups", ToArray(principal.worker_groups));
  const std::string hold_max = HoldMaxText(principal);
  if (!hold_max.empty()) object->emplace("holdMax", hold_max);
}

}  // namespace

std::string CredentialTable(const CredentialsFile& file, absl::Time now) {
  Table keys({"ACCESS KEY", "ACCOUNT", "USER", "ROLES", "WORKER GROUPS",
              "HOLD MAX", "STATE", "EXPIRES", "SECRET"});
  for (const CredentialEntry& entry : file.credentials) {
    const Credential& credential = entry.credential;
    keys.Add(
        Join(Join({credential.access_key}, CellsOf(credential.principal)),
             {StateOf(credential, now), ExpiryOf(credential),
              entry.sealed_secret.empty() ? "in the clear" : "protected"}));
  }
  if (file.certificates.empty()) return keys.Text();
  Table certificates(
      {"CERTIFICATE", "ACCOUNT", "USER", "ROLES", "WORKER GROUPS", "HOLD MAX"});
  for (const CertificateMapping& mapping : file.certificates) {
    certificates.Add(Join({mapping.name}, CellsOf(mapping.principal)));
  }
  return file.credentials.empty()
             ? certificates.Text()
             : absl::StrCat(keys.Text(), "\n", certificates.Text());
}

std::string CredentialLines(const CredentialsFile& file, absl::Time now) {
  std::string lines;
  for (const CredentialEntry& entry : file.credentials) {
    const Credential& credential = entry.credential;
    json::object object;
    object.emplace("accessKey", credential.access_key);
    AddPrincipal(credential.principal, &object);
    object.emplace("state", StateOf(credential, now));
    const std::string expiry = ExpiryOf(credential);
    if (!expiry.empty()) object.emplace("expires", expiry);
    object.emplace("temporary", !credential.session_token.empty());
    object.emplace("protected", !entry.sealed_secret.empty());
    absl::StrAppend(&lines, json::serialize(object), "\n");
  }
  for (const CertificateMapping& mapping : file.certificates) {
    json::object object;
    object.emplace("certificate", mapping.name);
    AddPrincipal(mapping.principal, &object);
    absl::StrAppend(&lines, json::serialize(object), "\n");
  }
  return lines;
}

}  // namespace holdline::client
