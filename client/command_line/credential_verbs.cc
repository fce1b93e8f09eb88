// credentials create, list, disable, enable, rotate, delete: they work on the
// credentials file itself, which the server follows

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "boost/json/object.hpp"
#include "boost/json/serialize.hpp"
#include "client/command_line/credential_list.h"
#include "client/command_line/verb/time_argument.h"
#include "client/command_line/verb/verb.h"
#include "client/command_line/verbs.h"
#include "server/auth/credentials/credential_text.h"
#include "server/auth/credentials/credentials_editor.h"
#include "server/auth/credentials/credentials_file.h"
#include "server/auth/credentials/key_file.h"
#include "server/auth/credentials/new_credential.h"
#include "server/auth/credentials/principal_check.h"
#include "server/auth/credentials/role_name.h"
#include "server/auth/credentials/sealed_secret.h"

namespace holdline::client {
namespace {

namespace json = boost::json;

struct ListOptions {
  std::string file;
};

struct KeyOptions {
  std::string file;
  std::string access_key;
};

struct RotateOptions {
  std::string file;
  std::string access_key;
  std::string key_file;
  std::string keep_old = "24h";
};

struct CreateOptions {
  std::string file;
  std::string key_file;
  std::string account;
  std::string user;
  std::vector<std::string> roles;
  std::vector<std::string> worker_groups;
  std::string hold_max;
  std::string expires_in;
};

void DefineFile(CLI::App& verb, std::string& file) {
  verb.add_option("--file", file,
                  "The credentials file; created if it does not exist")
      ->envname("HOLDLINE_CREDENTIALS_FILE")
      ->required();
}

void DefineKeyFile(CLI::App& verb, std::string& key_file) {
  verb.add_option("--key-file", key_file,
                  "Encrypt the secret with the key in this file")
      ->envname("HOLDLINE_CREDENTIALS_KEY_FILE");
}

void DefineList(CLI::App& verb, ListOptions& options) {
  DefineFile(verb, options.file);
}

void DefineAccessKey(CLI::App& verb, std::string& access_key) {
  verb.add_option("ACCESS_KEY", access_key, "The access key")->required();
}

void DefineKey(CLI::App& verb, KeyOptions& options) {
  DefineFile(verb, options.file);
  DefineAccessKey(verb, options.access_key);
}

void DefineRotate(CLI::App& verb, RotateOptions& options) {
  DefineFile(verb, options.file);
  DefineAccessKey(verb, options.access_key);
  DefineKeyFile(verb, options.key_file);
  verb.add_option(
          "--keep-old", options.keep_old,
          "How long the old access key stays valid; 0 deletes it at once")
      ->capture_default_str();
}

void DefineCreate(CLI::App& verb, CreateOptions& options) {
  DefineFile(verb, options.file);
  DefineKeyFile(verb, options.key_file);
  verb.add_option(
          "--account", options.account,
          "The account, 12 digits, whose tasks and pipelines no other account "
          "can see; 000000000000 owns what was created without credentials")
      ->required();
  verb.add_option("--user", options.user,
                  "The user name, for logs and error messages")
      ->required();
  AddRepeated(verb, "--role", options.roles,
              absl::StrCat("The role, repeatable: ", AllRoleNames()))
      ->required();
  AddRepeated(verb, "--worker-group", options.worker_groups,
              "A worker group that a runner may poll and a submitter is "
              "restricted to, or a prefix followed by *; repeatable. Without "
              "it a submitter is not restricted");
  verb.add_option("--hold-max", options.hold_max,
                  "The longest time that polls are held, from 1s to 90s");
  verb.add_option("--expires-in", options.expires_in,
                  "Create temporary credentials, with a session token, that "
                  "expire after this time");
}

// An error that is neither the server's nor the connection's.
absl::Status Refused(absl::string_view what) {
  return absl::InvalidArgumentError(what);
}

absl::Status Refused(const absl::Status& status) {
  return Refused(absl::StrCat(status.message(), "."));
}

absl::Status CheckText(absl::string_view option, const std::string& text,
                       bool (*holds)(absl::string_view),
                       absl::string_view must) {
  return holds(text) ? absl::OkStatus()
                     : Refused(absl::StrCat(option, " must ", must, "."));
}

absl::StatusOr<Principal> ReadPrincipal(const CreateOptions& options) {
  absl::Status status =
      CheckText("--account", options.account, IsAccount, kAccountForm);
  status.Update(CheckText("--user", options.user, IsUser, kUserForm));
  for (const std::string& pattern : options.worker_groups) {
    status.Update(CheckText("--worker-group", pattern, IsWorkerGroupPattern,
                            kWorkerGroupPatternForm));
  }
  Principal principal;
  if (!options.hold_max.empty() &&
      !ReadHoldMax(options.hold_max, &principal.hold_max)) {
    status.Update(Refused(absl::StrCat("--hold-max must ", kHoldMaxForm, ".")));
  }
  for (const std::string& name : options.roles) {
    const std::optional<Role> role = ParseRole(name);
    if (role.has_value())
      principal.roles.Add(*role);
    else
      status.Update(Refused(absl::StrCat("There is no role ", name,
                                         "; there are ", AllRoleNames(), ".")));
  }
  principal.account.value = options.account;
  principal.user = options.user;
  principal.worker_groups = options.worker_groups;
  if (const auto fault = CheckPrincipal(principal)) {
    status.Update(Refused(absl::StrCat(
        fault->member == PrincipalFault::Member::kHoldMax ? "--hold-max"
                                                          : "--worker-group",
        " ", fault->what, ".")));
  }
  if (!status.ok()) return status;
  return principal;
}

absl::StatusOr<absl::Time> ReadExpiresIn(const std::string& text) {
  if (text.empty()) return absl::InfiniteFuture();
  const absl::StatusOr<absl::Duration> length =
      ParseDuration("--expires-in", text);
  if (!length.ok()) return length.status();
  // The file has whole seconds, and they shall not have expired already.
  if (*length < absl::Seconds(1)) {
    return Refused("--expires-in must be at least 1s.");
  }
  return absl::Now() + *length;
}

// A credential that has just been made, with its secret still to be seen.
struct NewCredential {
  CredentialEntry entry;
  std::string secret;
};

// Makes an access key and a secret, which is sealed if there is a key file, and
// a session token if `temporary`.
absl::StatusOr<NewCredential> Make(Principal principal, bool temporary,
                                   const std::string& key_file) {
  const absl::StatusOr<std::string> access_key = RandomAccessKey();
  const absl::StatusOr<std::string> secret = RandomSecret();
  const absl::StatusOr<std::string> token = RandomSessionToken();
  for (const auto& made : {access_key, secret, token}) {
    if (!made.ok()) return Refused(made.status());
  }
  NewCredential made;
  made.secret = *secret;
  Credential& credential = made.entry.credential;
  credential.access_key = *access_key;
  credential.principal = std::move(principal);
  if (temporary) credential.session_token = *token;
  if (key_file.empty()) {
    credential.secret = *secret;
    return made;
  }
  const absl::StatusOr<std::string> key = ReadKeyFile(key_file);
  if (!key.ok()) return Refused(key.status());
  absl::StatusOr<std::string> sealed = SealSecret(*secret, *access_key, *key);
  if (!sealed.ok()) return Refused(sealed.status());
  made.entry.sealed_secret = *std::move(sealed);
  return made;
}

// Shows the secret, this once.
void Show(Session& session, const NewCredential& made) {
  const Credential& credential = made.entry.credential;
  json::object object;
  object.emplace("accessKey", credential.access_key);
  object.emplace("secret", made.secret);
  std::string text = absl::StrCat("access key:    ", credential.access_key,
                                  "\nsecret:        ", made.secret, "\n");
  if (!credential.session_token.empty()) {
    object.emplace("sessionToken", credential.session_token);
    absl::StrAppend(&text, "session token: ", credential.session_token, "\n");
  }
  if (credential.expires_at != absl::InfiniteFuture()) {
    const std::string expires = ExpiryText(credential.expires_at);
    object.emplace("expires", expires);
    absl::StrAppend(&text, "expires:       ", expires, "\n");
  }
  if (session.json) {
    session.out << json::serialize(object) << "\n";
    return;
  }
  session.out << text;
  session.err << "Save the secret now: it is not shown again.\n";
}

// The file, locked, and an entry of it.
struct Found {
  std::unique_ptr<CredentialsEditor> editor;
  CredentialEntry* entry = nullptr;
};

absl::StatusOr<Found> Find(const std::string& file,
                           const std::string& access_key) {
  auto editor = CredentialsEditor::Open(file);
  if (!editor.ok()) return Refused(editor.status());
  CredentialEntry* const entry = (*editor)->Find(access_key);
  if (entry == nullptr) {
    return Refused(absl::StrCat("There is no access key ", access_key, " in ",
                                file,
                                "; `holdline credentials list` lists them."));
  }
  return Found{*std::move(editor), entry};
}

absl::StatusOr<ExitCode> Save(CredentialsEditor& editor) {
  const absl::Status status = editor.Save();
  if (!status.ok()) return Refused(status);
  return ExitCode::kDone;
}

void Remove(const std::string& access_key, CredentialsFile& file) {
  std::erase_if(file.credentials, [&](const CredentialEntry& entry) {
    return entry.credential.access_key == access_key;
  });
}

absl::StatusOr<ExitCode> Create(Session& session,
                                const CreateOptions& options) {
  const absl::StatusOr<Principal> principal = ReadPrincipal(options);
  if (!principal.ok()) return principal.status();
  const absl::StatusOr<absl::Time> expires_at =
      ReadExpiresIn(options.expires_in);
  if (!expires_at.ok()) return expires_at.status();
  auto made = Make(*principal, !options.expires_in.empty(), options.key_file);
  if (!made.ok()) return made.status();
  made->entry.credential.expires_at = *expires_at;
  auto editor = CredentialsEditor::Open(options.file);
  if (!editor.ok()) return Refused(editor.status());
  (*editor)->content().credentials.push_back(made->entry);
  const absl::StatusOr<ExitCode> saved = Save(**editor);
  if (saved.ok()) Show(session, *made);
  return saved;
}

absl::StatusOr<ExitCode> List(Session& session, const ListOptions& options) {
  const auto file = ReadCredentialsFile(options.file);
  if (!file.ok()) return Refused(file.status());
  if (session.json) {
    session.out << CredentialLines(*file, absl::Now());
  } else if (file->credentials.empty() && file->certificates.empty()) {
    session.err << "There are no credentials.\n";
  } else {
    session.out << CredentialTable(*file, absl::Now());
  }
  return ExitCode::kDone;
}

template <bool disabled>
absl::StatusOr<ExitCode> SetDisabled(Session&, const KeyOptions& options) {
  const absl::StatusOr<Found> found = Find(options.file, options.access_key);
  if (!found.ok()) return found.status();
  found->entry->credential.disabled = disabled;
  return Save(*found->editor);
}

absl::StatusOr<ExitCode> Rotate(Session& session,
                                const RotateOptions& options) {
  const absl::StatusOr<absl::Duration> keep_old =
      ParseDuration("--keep-old", options.keep_old);
  if (!keep_old.ok()) return keep_old.status();
  const absl::StatusOr<Found> found = Find(options.file, options.access_key);
  if (!found.ok()) return found.status();
  Credential& old = found->entry->credential;
  if (!found->entry->sealed_secret.empty() && options.key_file.empty()) {
    return Refused(
        "The secret is protected; the new one needs --key-file, too.");
  }
  auto made = Make(old.principal, !old.session_token.empty(), options.key_file);
  if (!made.ok()) return made.status();
  made->entry.credential.expires_at = old.expires_at;
  made->entry.credential.disabled = old.disabled;
  CredentialsFile& content = found->editor->content();
  old.expires_at = std::min(old.expires_at, absl::Now() + *keep_old);
  if (*keep_old == absl::ZeroDuration()) Remove(options.access_key, content);
  content.credentials.push_back(made->entry);
  const absl::StatusOr<ExitCode> saved = Save(*found->editor);
  if (saved.ok()) Show(session, *made);
  return saved;
}

absl::StatusOr<ExitCode> Delete(Session&, const KeyOptions& options) {
  const absl::StatusOr<Found> found = Find(options.file, options.access_key);
  if (!found.ok()) return found.status();
  Remove(options.access_key, found->editor->content());
  return Save(*found->editor);
}

}  // namespace

void AddCredentialVerbs(CLI::App& app, Action& chosen) {
  CLI::App* credentials =
      app.add_subcommand("credentials", "Manage the server's credentials file");
  credentials->fallthrough();
  credentials->require_subcommand(1);
  AddVerb(*credentials, "create", "Create an access key and print its secret",
          chosen, DefineCreate, Create);
  AddVerb(*credentials, "list", "List credentials, without secrets", chosen,
          DefineList, List);
  AddVerb(*credentials, "disable", "Disable an access key", chosen, DefineKey,
          SetDisabled<true>);
  AddVerb(*credentials, "enable", "Enable a disabled access key", chosen,
          DefineKey, SetDisabled<false>);
  AddVerb(
      *credentials, "rotate",
      "Create an access key with the same rights, and let the old one expire",
      chosen, DefineRotate, Rotate);
  AddVerb(*credentials, "delete", "Delete an access key", chosen, DefineKey,
          Delete);
}

}  // namespace holdline::client
