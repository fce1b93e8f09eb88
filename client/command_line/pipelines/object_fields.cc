#include "client/command_line/pipelines/object_fields.h"

#include "absl/strings/str_cat.h"
#include "client/command_line/verb/table.h"

namespace holdline::client {

std::string ValueOf(const Fields& fields, const std::string& key) {
  for (const v1::Field& field : fields) {
    if (field.key() != key) continue;
    return field.has_ref_value() ? field.ref_value() : field.string_value();
  }
  return "";
}

std::vector<std::string> ReferencesOf(const Fields& fields,
                                      const std::string& key) {
  std::vector<std::string> references;
  for (const v1::Field& field : fields) {
    if (field.key() == key && field.has_ref_value()) {
      references.push_back(field.ref_value());
    }
  }
  return references;
}

std::string FieldsText(const Fields& fields, const std::string& indent) {
  Table table({"", ""});
  for (const v1::Field& field : fields) {
    table.Add({field.key(), field.has_ref_value()
                                ? absl::StrCat("-> ", field.ref_value())
                                : field.string_value()});
  }
  return table.Text(indent);
}

}  // namespace holdline::client
