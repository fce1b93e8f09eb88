#include "client/command_line/pipelines/definition_file.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "boost/json/serialize.hpp"
#include "boost/json/string_view.hpp"

namespace holdline::client {
namespace {

using Kind = JsonSource::Kind;

const char* KeyOf(DefinitionFile::Part part) {
  switch (part) {
    case DefinitionFile::Part::kObjects:
      return "objects";
    case DefinitionFile::Part::kParameters:
      return "parameters";
    case DefinitionFile::Part::kValues:
      break;
  }
  return "values";
}

// `a number (3)`, for what should be something else.
std::string KindText(const JsonSource& value) {
  switch (value.kind) {
    case Kind::kObject:
      return "an object";
    case Kind::kList:
      return "a list";
    case Kind::kString:
      return "a string";
    case Kind::kNumber:
      return absl::StrCat("a number (", value.text, ")");
    case Kind::kBoolean:
      return absl::StrCat("a boolean (", value.text, ")");
    case Kind::kNull:
      break;
  }
  return "null";
}

// What to do about a value that is no string.
std::string Remedy(const JsonSource& value) {
  if (value.kind == Kind::kNumber || value.kind == Kind::kBoolean) {
    return absl::StrCat("write \"", value.text, "\"");
  }
  if (value.kind == Kind::kObject) {
    return "the only object that can stand here is {\"ref\": \"ID\"}";
  }
  if (value.kind == Kind::kList) return "lists cannot hold lists";
  return "leave the key out if it has no value";
}

// Translates one file.
class Translator {
 public:
  Translator(const std::string& path, const std::string& text,
             std::vector<std::string>& notes)
      : path_(path), text_(text), notes_(notes) {}

  absl::Status Translate(const JsonSource& root, DefinitionFile::Part part,
                         v1::GetPipelineDefinitionOutput& definition) {
    absl::Status status = Expect(root, Kind::kObject, "The definition");
    if (!status.ok()) return status;
    if (root.Find(KeyOf(part)) == nullptr) {
      return Error(root.offset,
                   absl::StrCat("There is no \"", KeyOf(part), "\"."));
    }
    for (const JsonMember* member : Distinct(root)) {
      const std::string& key = member->key;
      if (key == "objects") {
        status = Objects(member->value, definition);
      } else if (key == "parameters") {
        status = Parameters(member->value, definition);
      } else if (key == "values") {
        status = Values(member->value, definition);
      } else {
        Note(member->offset, absl::StrCat("\"", key, "\" is ignored."));
      }
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status Error(size_t offset, const std::string& message) const {
    return absl::InvalidArgumentError(absl::StrCat(Place(offset), message));
  }

 private:
  std::string Place(size_t offset) const {
    const SourcePosition position = PositionAt(text_, offset);
    return absl::StrCat(path_, ":", position.line, ":", position.column, ": ");
  }

  void Note(size_t offset, const std::string& message) {
    notes_.push_back(absl::StrCat(Place(offset), message));
  }

  absl::Status Expect(const JsonSource& value, Kind kind,
                      const std::string& what) const {
    if (value.kind == kind) return absl::OkStatus();
    JsonSource expected;
    expected.kind = kind;
    return Error(value.offset, absl::StrCat(what, " is ", KindText(value),
                                            ", not ", KindText(expected), "."));
  }

  // The members in the order of the file, each key once: where it is first,
  // with what it is last.
  std::vector<const JsonMember*> Distinct(const JsonSource& object) {
    std::vector<const JsonMember*> members;
    std::map<std::string, size_t> places;
    for (const JsonMember& member : object.members) {
      const auto [place, is_new] = places.emplace(member.key, members.size());
      if (is_new) {
        members.push_back(&member);
        continue;
      }
      const JsonMember*& before = members[place->second];
      Note(before->offset, absl::StrCat("\"", member.key,
                                        "\" is written again below, and counts "
                                        "as it is there."));
      before = &member;
    }
    return members;
  }

  std::vector<const JsonMember*> Sorted(const JsonSource& object) {
    std::vector<const JsonMember*> members = Distinct(object);
    std::sort(members.begin(), members.end(),
              [](const JsonMember* a, const JsonMember* b) {
                return a->key < b->key;
              });
    return members;
  }

  // The `id` of the object, or what it is called otherwise.
  absl::StatusOr<std::string> StringMember(const JsonSource& object,
                                           const std::string& key,
                                           const std::string& what) const {
    const JsonMember* member = object.Find(key);
    if (member == nullptr) {
      return Error(object.offset, absl::StrCat(what, " has no \"", key, "\"."));
    }
    const absl::Status status =
        Expect(member->value, Kind::kString,
               absl::StrCat("The \"", key, "\" of ", what));
    if (!status.ok()) return status;
    return member->value.text;
  }

  // Calls `add` with the value, or with each element if it is a list.
  template <class Add>
  static absl::Status ForEach(const JsonSource& value, Add add) {
    if (value.kind != Kind::kList) return add(value);
    for (const JsonSource& item : value.items) {
      const absl::Status status = add(item);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status NoString(const JsonSource& value, const std::string& key,
                        const std::string& owner) const {
    return Error(value.offset,
                 absl::StrCat("\"", key, "\" of ", owner, " is ",
                              KindText(value), ": ", Remedy(value), "."));
  }

  absl::Status AddField(const std::string& key, const JsonSource& value,
                        v1::PipelineObject& object) const {
    if (value.kind == Kind::kString) {
      v1::Field& field = *object.add_fields();
      field.set_key(key);
      field.set_string_value(value.text);
      return absl::OkStatus();
    }
    if (value.kind == Kind::kObject && value.members.size() == 1 &&
        value.members[0].key == "ref" &&
        value.members[0].value.kind == Kind::kString) {
      v1::Field& field = *object.add_fields();
      field.set_key(key);
      field.set_ref_value(value.members[0].value.text);
      return absl::OkStatus();
    }
    return NoString(value, key, object.id());
  }

  absl::Status Object(const JsonSource& source, v1::PipelineObject& object) {
    absl::Status status = Expect(source, Kind::kObject, "An object");
    if (!status.ok()) return status;
    const auto id = StringMember(source, "id", "An object");
    if (!id.ok()) return id.status();
    object.set_id(*id);
    object.set_name(*id);
    for (const JsonMember* member : Sorted(source)) {
      const std::string& key = member->key;
      if (key == "id") continue;
      if (key == "name") {
        const auto name = StringMember(source, "name", *id);
        if (!name.ok()) return name.status();
        object.set_name(*name);
        continue;
      }
      status = ForEach(member->value, [&](const JsonSource& value) {
        return AddField(member->key, value, object);
      });
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status Parameter(const JsonSource& source,
                         v1::ParameterObject& parameter) {
    absl::Status status = Expect(source, Kind::kObject, "A parameter");
    if (!status.ok()) return status;
    const auto id = StringMember(source, "id", "A parameter");
    if (!id.ok()) return id.status();
    parameter.set_id(*id);
    for (const JsonMember* member : Sorted(source)) {
      const std::string& key = member->key;
      if (key == "id") continue;
      status = ForEach(member->value, [&](const JsonSource& value) {
        if (value.kind != Kind::kString) {
          return NoString(value, member->key, *id);
        }
        v1::ParameterAttribute& attribute = *parameter.add_attributes();
        attribute.set_key(member->key);
        attribute.set_string_value(value.text);
        return absl::OkStatus();
      });
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status Objects(const JsonSource& list,
                       v1::GetPipelineDefinitionOutput& definition) {
    absl::Status status = Expect(list, Kind::kList, "\"objects\"");
    for (const JsonSource& item : list.items) {
      if (status.ok())
        status = Object(item, *definition.add_pipeline_objects());
    }
    return status;
  }

  absl::Status Parameters(const JsonSource& list,
                          v1::GetPipelineDefinitionOutput& definition) {
    absl::Status status = Expect(list, Kind::kList, "\"parameters\"");
    for (const JsonSource& item : list.items) {
      if (!status.ok()) break;
      status = Parameter(item, *definition.add_parameter_objects());
    }
    return status;
  }

  absl::Status Values(const JsonSource& object,
                      v1::GetPipelineDefinitionOutput& definition) {
    absl::Status status = Expect(object, Kind::kObject, "\"values\"");
    if (!status.ok()) return status;
    for (const JsonMember* member : Distinct(object)) {
      status = ForEach(member->value, [&](const JsonSource& value) {
        if (value.kind != Kind::kString) {
          return NoString(value, member->key, "\"values\"");
        }
        v1::ParameterValue& added = *definition.add_parameter_values();
        added.set_id(member->key);
        added.set_string_value(value.text);
        return absl::OkStatus();
      });
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  const std::string& path_;
  const std::string& text_;
  std::vector<std::string>& notes_;
};

// What stands between two quotes of one kind in a message, in order. An
// apostrophe may bring in more, which does no harm.
std::vector<std::string> Quoted(const std::string& message) {
  std::vector<std::string> words;
  for (size_t i = 0; i < message.size(); ++i) {
    const char quote = message[i];
    if (quote != '\'' && quote != '"' && quote != '`') continue;
    const size_t end = message.find(quote, i + 1);
    if (end == std::string::npos) continue;
    words.push_back(message.substr(i + 1, end - i - 1));
  }
  return words;
}

// The last of the list's objects that has the id, or null.
const JsonSource* FindObject(const JsonMember* list, const std::string& id) {
  const JsonSource* found = nullptr;
  if (list == nullptr) return found;
  for (const JsonSource& item : list->value.items) {
    const JsonMember* own = item.Find("id");
    if (own != nullptr && own->value.text == id) found = &item;
  }
  return found;
}

std::string QuotedJson(const std::string& text) {
  return boost::json::serialize(boost::json::string_view(text));
}

// Keys, each with its values, which are JSON.
using Members = std::vector<std::pair<std::string, std::vector<std::string>>>;

// Puts the value with the others of its key, or behind all.
void AddMember(Members& members, const std::string& key, std::string value) {
  auto found =
      std::find_if(members.begin(), members.end(),
                   [&](const auto& member) { return member.first == key; });
  if (found == members.end()) {
    found = members.insert(found, {key, {}});
  }
  found->second.push_back(std::move(value));
}

// `"key": value`, or a list of values, on as many lines as it takes.
std::string MemberText(const std::string& key,
                       const std::vector<std::string>& values,
                       const std::string& indent) {
  std::string text = absl::StrCat(indent, QuotedJson(key), ": ");
  if (values.size() == 1) return absl::StrCat(text, values[0]);
  const std::string inner = absl::StrCat("\n", indent, "    ");
  return absl::StrCat(text, "[", inner,
                      absl::StrJoin(values, absl::StrCat(",", inner)), "\n",
                      indent, "]");
}

std::string ObjectText(const Members& members, const std::string& indent) {
  const std::string inner = absl::StrCat(indent, "    ");
  std::vector<std::string> lines;
  for (const auto& [key, values] : members) {
    lines.push_back(MemberText(key, values, inner));
  }
  return absl::StrCat("{\n", absl::StrJoin(lines, ",\n"), "\n", indent, "}");
}

std::string ListText(const std::vector<std::string>& objects) {
  if (objects.empty()) return "[]";
  return absl::StrCat("[\n        ", absl::StrJoin(objects, ",\n        "),
                      "\n    ]");
}

std::string PipelineObjectText(const v1::PipelineObject& object) {
  Members members = {{"id", {QuotedJson(object.id())}},
                     {"name", {QuotedJson(object.name())}}};
  for (const v1::Field& field : object.fields()) {
    if (field.key() == "id" || field.key() == "name") continue;
    AddMember(
        members, field.key(),
        field.has_ref_value()
            ? absl::StrCat("{\"ref\": ", QuotedJson(field.ref_value()), "}")
            : QuotedJson(field.string_value()));
  }
  std::sort(members.begin() + 2, members.end());
  return ObjectText(members, "        ");
}

std::string ParameterText(const v1::ParameterObject& parameter) {
  Members members = {{"id", {QuotedJson(parameter.id())}}};
  for (const v1::ParameterAttribute& attribute : parameter.attributes()) {
    if (attribute.key() == "id") continue;
    AddMember(members, attribute.key(), QuotedJson(attribute.string_value()));
  }
  std::sort(members.begin() + 1, members.end());
  return ObjectText(members, "        ");
}

}  // namespace

absl::StatusOr<DefinitionFile> DefinitionFile::Parse(const std::string& path,
                                                     std::string text,
                                                     Part part) {
  DefinitionFile file;
  file.path_ = path;
  file.text_ = std::move(text);
  Translator translator(file.path_, file.text_, file.notes_);
  JsonError error;
  if (!ReadJson(file.text_, file.source_, error)) {
    return translator.Error(
        error.offset, absl::StrCat("This is no JSON: ", error.message, "."));
  }
  const absl::Status status =
      translator.Translate(file.source_, part, file.definition_);
  if (!status.ok()) return status;
  return file;
}

absl::StatusOr<DefinitionFile> DefinitionFile::Read(const std::string& path,
                                                    Part part) {
  std::string text;
  if (path == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
    return Parse("standard input", std::move(text), part);
  }
  const std::string bare(absl::StripPrefix(path, "file://"));
  std::ifstream file(bare, std::ios::binary);
  if (!file) {
    return absl::InvalidArgumentError(absl::StrCat("Cannot read ", bare, "."));
  }
  text.assign(std::istreambuf_iterator<char>(file), {});
  return Parse(bare, std::move(text), part);
}

std::optional<SourcePosition> DefinitionFile::PositionOf(
    const std::string& id, const std::string& message) const {
  const JsonSource* object = FindObject(source_.Find("objects"), id);
  if (object == nullptr) object = FindObject(source_.Find("parameters"), id);
  if (object != nullptr) {
    for (const std::string& word : Quoted(message)) {
      const JsonMember* member = object->Find(word);
      if (member != nullptr) return PositionAt(text_, member->offset);
    }
    return PositionAt(text_, object->Find("id")->offset);
  }
  const JsonMember* values = source_.Find("values");
  const JsonMember* value =
      values == nullptr ? nullptr : values->value.Find(id);
  if (value == nullptr) return std::nullopt;
  return PositionAt(text_, value->offset);
}

std::string DefinitionText(const v1::GetPipelineDefinitionOutput& definition) {
  std::vector<std::string> objects;
  for (const v1::PipelineObject& object : definition.pipeline_objects()) {
    objects.push_back(PipelineObjectText(object));
  }
  std::vector<std::string> parameters;
  for (const v1::ParameterObject& each : definition.parameter_objects()) {
    parameters.push_back(ParameterText(each));
  }
  Members values;
  for (const v1::ParameterValue& value : definition.parameter_values()) {
    AddMember(values, value.id(), QuotedJson(value.string_value()));
  }
  std::string text = absl::StrCat("{\n    \"objects\": ", ListText(objects));
  if (!parameters.empty()) {
    absl::StrAppend(&text, ",\n    \"parameters\": ", ListText(parameters));
  }
  if (!values.empty()) {
    absl::StrAppend(&text, ",\n    \"values\": ", ObjectText(values, "    "));
  }
  return absl::StrCat(text, "\n}\n");
}

}  // namespace holdline::client
