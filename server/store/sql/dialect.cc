#include "server/store/sql/dialect.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace holdline {
namespace {

// The length of the name that `text` begins with.
size_t NameLength(absl::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_';
  });
  return static_cast<size_t>(end - text.begin());
}

// Returns the number of a parameter, from 1, by its first appearance.
size_t NumberOf(absl::string_view name, std::vector<absl::string_view>& names) {
  const auto found = std::find(names.begin(), names.end(), name);
  const auto number = static_cast<size_t>(found - names.begin()) + 1;
  if (found == names.end()) names.push_back(name);
  return number;
}

}  // namespace

absl::string_view Dialect::TypeName(ValueType type) const {
  switch (type) {
    case ValueType::kInteger:
      return integer;
    case ValueType::kReal:
      return real;
    case ValueType::kText:
      return text;
    case ValueType::kBlob:
      return blob;
  }
  return {};
}

std::string Dialect::Parameter(size_t number) const {
  return absl::StrCat(parameter, number);
}

std::string Dialect::IndexHint(absl::string_view index) const {
  return has_index_hints ? absl::StrCat(" INDEXED BY ", index, " ") : " ";
}

std::string Dialect::NumberParameters(absl::string_view sql) const {
  if (has_named_parameters) return std::string(sql);
  std::string numbered;
  std::vector<absl::string_view> names;
  while (true) {
    const size_t colon = std::min(sql.find(':'), sql.size());
    absl::StrAppend(&numbered, sql.substr(0, colon));
    if (colon == sql.size()) return numbered;
    sql.remove_prefix(colon + 1);
    const size_t length = NameLength(sql);
    absl::StrAppend(&numbered,
                    Parameter(NumberOf(sql.substr(0, length), names)));
    sql.remove_prefix(length);
  }
}

}  // namespace holdline
