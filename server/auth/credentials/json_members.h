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

// Asked for each member that there may be, it gives its value, or an empty one
// if there is none or it is wrong; and at the end says what was wrong first. It
// names places and members, never their values, which may be secrets.
class JsonMembers {
 public:
  // `place` is how errors name the object, such as `credentials[2]`; empty for
  // the whole of a file. If `value` is no object, that is the error. It must
  // outlive this.
  JsonMembers(const boost::json::value& value, std::string place);

  bool Has(absl::string_view name) const;

  // A text that there must be.
  std::string Text(absl::string_view name, const TextRule& rule);

  // A text that there may be.
  std::string OptionalText(absl::string_view name, const TextRule& rule);

  // A list of texts, of a set of rules each, that there may be.
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
