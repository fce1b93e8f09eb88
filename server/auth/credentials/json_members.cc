#include "server/auth/credentials/json_members.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace holdline {
namespace {

namespace json = boost::json;

// A name longer than any of ours may be a value that went astray, and a secret.
constexpr size_t kShownNameMax = 20;

absl::string_view View(const json::string& text) {
  return {text.data(), text.size()};
}

bool IsShown(absl::string_view name) {
  if (name.empty() || name.size() > kShownNameMax) return false;
  for (const char c : name) {
    if (!absl::ascii_isalpha(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

}  // namespace

JsonMembers::JsonMembers(const json::value& value, std::string place)
    : object_(value.if_object()), place_(std::move(place)) {
  if (object_ != nullptr) return;
  status_ =
      absl::InvalidArgumentError(absl::StrCat(Place(), " must be an object"));
}

std::string JsonMembers::Place() const {
  return place_.empty() ? "the file" : place_;
}

bool JsonMembers::Has(absl::string_view name) const {
  return object_ != nullptr &&
         object_->if_contains({name.data(), name.size()}) != nullptr;
}

const json::value* JsonMembers::Find(absl::string_view name) {
  known_.emplace(name);
  return object_ == nullptr ? nullptr
                            : object_->if_contains({name.data(), name.size()});
}

std::string JsonMembers::Text(absl::string_view name, const TextRule& rule) {
  if (!Has(name)) Refuse(name, "is missing");
  return OptionalText(name, rule);
}

std::string JsonMembers::OptionalText(absl::string_view name,
                                      const TextRule& rule) {
  const json::value* const value = Find(name);
  if (value == nullptr) return "";
  const json::string* const text = value->if_string();
  if (text == nullptr || !rule.holds(View(*text))) {
    Refuse(name, absl::StrCat("must ", rule.must));
    return "";
  }
  return std::string(View(*text));
}

std::vector<std::string> JsonMembers::Texts(absl::string_view name,
                                            const TextRule& rule) {
  std::vector<std::string> texts;
  for (const json::value& value : List(name)) {
    const json::string* const text = value.if_string();
    if (text == nullptr || !rule.holds(View(*text))) {
      Refuse(name,
             absl::StrCat("must be a list, of which each must ", rule.must));
      return {};
    }
    texts.emplace_back(View(*text));
  }
  return texts;
}

const json::array& JsonMembers::List(absl::string_view name) {
  static const json::array& none = *new json::array();
  const json::value* const value = Find(name);
  if (value == nullptr) return none;
  const json::array* const list = value->if_array();
  if (list != nullptr) return *list;
  Refuse(name, "must be a list");
  return none;
}

bool JsonMembers::Flag(absl::string_view name) {
  const json::value* const value = Find(name);
  if (value == nullptr) return false;
  const bool* const flag = value->if_bool();
  if (flag == nullptr) Refuse(name, "must be true or false");
  return flag != nullptr && *flag;
}

void JsonMembers::Refuse(absl::string_view name, absl::string_view why) {
  status_.Update(absl::InvalidArgumentError(
      absl::StrCat(place_, place_.empty() ? "" : ".", name, " ", why)));
}

absl::Status JsonMembers::Finish() {
  if (!status_.ok()) return status_;
  for (const auto& member : *object_) {
    const std::string name(member.key().data(), member.key().size());
    if (known_.count(name) > 0) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        Place(), " has a member ", IsShown(name) ? absl::StrCat(name, " ") : "",
        "that is not known; there may be ", absl::StrJoin(known_, ", ")));
  }
  return absl::OkStatus();
}

}  // namespace holdline
