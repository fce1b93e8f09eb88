#include "client/access_key.h"

#include <string.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "boost/json/parse.hpp"
#include "boost/json/value.hpp"

namespace holdline::client {
namespace {

absl::Status Refused(const std::string& path, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("The access key file ", path, " ", why));
}

// The text of a member; nothing if there is none.
std::string TextOf(const boost::json::object& object, const char* name) {
  const boost::json::value* const value = object.if_contains(name);
  return value == nullptr || !value->is_string()
             ? ""
             : std::string(value->as_string().c_str());
}

constexpr char kIdVariable[] = "HOLDLINE_ACCESS_KEY";
constexpr char kSecretVariable[] = "HOLDLINE_SECRET";
constexpr char kTokenVariable[] = "HOLDLINE_SESSION_TOKEN";

std::string Variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

absl::StatusOr<AccessKey> ReadAccessKey(const std::string& path) {
  struct stat found;
  if (stat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) {
    return Refused(path, "is not there.");
  }
  if ((found.st_mode & (S_IRWXO | S_IWGRP)) != 0) {
    return Refused(path, "is open to other users: run chmod 600 on it.");
  }
  std::ifstream file(path);
  if (!file) return Refused(path, "cannot be read.");
  const std::string text((std::istreambuf_iterator<char>(file)),
                         std::istreambuf_iterator<char>());
  boost::json::error_code error;
  const boost::json::value value = boost::json::parse(text, error);
  AccessKey key;
  if (!error && value.is_object()) {
    key = {TextOf(value.as_object(), "accessKey"),
           TextOf(value.as_object(), "secret"),
           TextOf(value.as_object(), "sessionToken")};
  }
  if (key.id.empty() || key.secret.empty()) {
    return Refused(path,
                   "must hold a JSON object with accessKey and secret, as "
                   "`holdline --json credentials create` prints it.");
  }
  return key;
}

absl::StatusOr<AccessKey> AccessKeyOfEnvironment() {
  AccessKey key = {Variable(kIdVariable), Variable(kSecretVariable),
                   Variable(kTokenVariable)};
  if (key.id.empty()) return AccessKey();
  if (key.secret.empty()) {
    return absl::InvalidArgumentError(
        "HOLDLINE_ACCESS_KEY is set, and HOLDLINE_SECRET is not.");
  }
  return key;
}

void ForgetAccessKeyOfEnvironment() {
  for (const char* name : {kIdVariable, kSecretVariable, kTokenVariable}) {
    char* const value = std::getenv(name);
    if (value == nullptr) continue;
    explicit_bzero(value, strlen(value));
    unsetenv(name);
  }
}

}  // namespace holdline::client
