// Reads the members of a JSON object that has a fixed form, strictly.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_JSON_MEMBERS_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_JSON_MEMBERS_H_

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "boost/json/array.hpp"
#include "boost/json/object.hpp"
#include "boost/json/value.hpp"

namespace holdline {

// A constraint of a text: `must` follows `must ` in errors, as in `be 12
// digits`.
struct TextRule {
  std::string must;
  std::function<bool(absl::string_view text)> holds;
};

// A reader of members. Each method returns the value of a member, or an empty
// one if it is missing or wrong; the first error is kept for the end. Errors
// name places and members, never values, which may be secrets.
class JsonMembers {
 public:
  // `place` names the object in errors, such as `credentials[2]`; empty for a
  // whole file. A `value` that is no object is an error. It must outlive this.
  JsonMembers(const boost::json::value& value, std::string place);

  bool Has(absl::string_view name) const;

  // A required text.
  std::string Text(absl::string_view name, const TextRule& rule);

  // An optional text.
  std::string OptionalText(absl::string_view name, const TextRule& rule);

  // An optional list of texts, each of which `rule` allows.
  std::vector<std::string> Texts(absl::string_view name, const TextRule& rule);

  // A list of anything that there may be; empty if there is none.
  const boost::json::array& List(absl::string_view name);

  // True or false, which it is if there is none.
  bool Flag(absl::string_view name);

  // Says that a member is wrong.
  void Refuse(absl::string_view name, absl::string_view why);

  // INVALID_ARGUMENT: the first error, or an unknown member.
  absl::Status Finish();

 private:
  std::string Place() const;

  const boost::json::value* Find(absl::string_view name);

  const boost::json::object* object_ = nullptr;
  const std::string place_;
  std::set<std::string> known_;
  absl::Status status_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_JSON_MEMBERS_H_
