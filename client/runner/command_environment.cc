#include "client/runner/command_environment.h"

#include <unistd.h>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace holdline::client {
namespace {

constexpr absl::string_view kOwn = "HOLDLINE_";

// With the equals sign, so that nothing else begins so.
constexpr absl::string_view kPassedOn[] = {
    "HOLDLINE_ADDRESS=", "HOLDLINE_TLS=", "HOLDLINE_TLS_AUTHORITIES="};

bool IsPassedOn(absl::string_view variable) {
  return !absl::StartsWith(variable, kOwn) ||
         absl::c_any_of(kPassedOn, [variable](absl::string_view name) {
           return absl::StartsWith(variable, name);
         });
}

}  // namespace

std::vector<std::string> CommandEnvironment(
    const std::vector<std::string>& variables) {
  std::vector<std::string> all = variables;
  for (char** own = environ; *own != nullptr; ++own) {
    const absl::string_view variable = *own;
    const absl::string_view name = variable.substr(0, variable.find('=') + 1);
    const bool replaced =
        absl::c_any_of(variables, [name](const std::string& given) {
          return absl::StartsWith(given, name);
        });
    if (!replaced && IsPassedOn(variable)) all.emplace_back(variable);
  }
  return all;
}

}  // namespace holdline::client
