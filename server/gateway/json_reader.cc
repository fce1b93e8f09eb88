#include "server/gateway/json_reader.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "boost/json.hpp"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "holdline/v1/contract.pb.h"

namespace holdline {
namespace {

namespace json = boost::json;

using ::google::protobuf::Descriptor;
using ::google::protobuf::Duration;
using ::google::protobuf::EnumDescriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;
using ::google::protobuf::Timestamp;

using Error = std::optional<WireError>;

constexpr int kDepthMax = 32;

// Beyond these, a second cannot be told from the next in a double, and a
// Timestamp or Duration has no room.
constexpr double kSecondsMax = 253402300799.0;

absl::string_view ToAbsl(const json::string& text) {
  return absl::string_view(text.data(), text.size());
}

Error WrongType(const std::string& path, const char* wanted) {
  return SerializationError(absl::StrCat("'", path, "' must be ", wanted, "."));
}

// The number, whichever way it was written; nothing if it is no number.
std::optional<double> NumberOf(const json::value& value) {
  switch (value.kind()) {
    case json::kind::int64:
      return static_cast<double>(value.get_int64());
    case json::kind::uint64:
      return static_cast<double>(value.get_uint64());
    case json::kind::double_:
      return value.get_double();
    default:
      return std::nullopt;
  }
}

// The whole number, if it is one and fits: 10.0 is one, too.
std::optional<int64_t> IntegerOf(const json::value& value) {
  if (value.is_int64()) return value.get_int64();
  if (!value.is_double()) return std::nullopt;
  const double number = value.get_double();
  if (std::trunc(number) != number || std::abs(number) > 0x1.0p53) {
    return std::nullopt;
  }
  return static_cast<int64_t>(number);
}

// Reads one message. Values go through reflection; `add` says whether the value
// is one more of a list or the value of a member.
class Reader {
 public:
  explicit Reader(Message* message)
      : message_(*message), reflection_(*message->GetReflection()) {}

  // `path` is where the object stands; empty at the top.
  Error Read(const json::object& object, const std::string& path);

 private:
  Error ReadMember(const FieldDescriptor* field, const json::value& value,
                   const std::string& path);
  Error ReadList(const FieldDescriptor* field, const json::value& value,
                 const std::string& path);
  Error ReadMap(const FieldDescriptor* field, const json::value& value,
                const std::string& path);
  Error ReadValue(const FieldDescriptor* field, const json::value& value,
                  const std::string& path);
  Error ReadMessage(const FieldDescriptor* field, const json::value& value,
                    const std::string& path);
  Error ReadEnum(const FieldDescriptor* field, const json::value& value,
                 const std::string& path);
  Error ReadInteger(const FieldDescriptor* field, const json::value& value,
                    const std::string& path);
  Error ReadString(const FieldDescriptor* field, const json::value& value,
                   const std::string& path);

  Message& message_;
  const Reflection& reflection_;
};

Error ReadTimestamp(const json::value& value, const std::string& path,
                    Timestamp* timestamp) {
  absl::Time time;
  const std::optional<double> seconds = NumberOf(value);
  if (seconds.has_value()) {
    if (!(std::abs(*seconds) <= kSecondsMax)) {
      return WrongType(path, "a time between the years 1 and 9999");
    }
    time = absl::UnixEpoch() + absl::Seconds(*seconds);
  } else if (!value.is_string() ||
             !absl::ParseTime(absl::RFC3339_full, ToAbsl(value.get_string()),
                              &time, nullptr)) {
    return WrongType(path,
                     "a number of seconds since 1970 or an ISO 8601 time");
  }
  const int64_t micros = absl::ToUnixMicros(time);
  const int64_t whole = absl::ToUnixSeconds(time);
  timestamp->set_seconds(whole);
  timestamp->set_nanos(static_cast<int32_t>((micros - whole * 1000000) * 1000));
  return std::nullopt;
}

Error ReadDuration(const json::value& value, const std::string& path,
                   Duration* duration) {
  absl::Duration length;
  const std::optional<double> seconds = NumberOf(value);
  if (seconds.has_value()) {
    length = absl::Seconds(*seconds);
  } else if (!value.is_string() ||
             !absl::ParseDuration(ToAbsl(value.get_string()), &length)) {
    return WrongType(path, "a number of seconds or a length such as '90s'");
  }
  if (!(absl::AbsDuration(length) <= absl::Seconds(kSecondsMax))) {
    return WrongType(path, "shorter than 8000 years");
  }
  const int64_t micros = absl::ToInt64Microseconds(length);
  duration->set_seconds(micros / 1000000);
  duration->set_nanos(static_cast<int32_t>(micros % 1000000 * 1000));
  return std::nullopt;
}

Error Reader::Read(const json::object& object, const std::string& path) {
  const Descriptor* type = message_.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const std::string member =
        path.empty() ? field->json_name()
                     : absl::StrCat(path, ".", field->json_name());
    const json::value* value = object.if_contains(field->json_name());
    if (value != nullptr && !value->is_null()) {
      if (Error error = ReadMember(field, *value, member)) return error;
    } else if (field->is_repeated() &&
               field->options().GetExtension(v1::limits).required()) {
      return ConstraintWireError(member, "Member must not be null");
    }
  }
  return std::nullopt;
}

Error Reader::ReadMember(const FieldDescriptor* field, const json::value& value,
                         const std::string& path) {
  if (field->is_map()) return ReadMap(field, value, path);
  if (field->is_repeated()) return ReadList(field, value, path);
  return ReadValue(field, value, path);
}

Error Reader::ReadList(const FieldDescriptor* field, const json::value& value,
                       const std::string& path) {
  if (!value.is_array()) return WrongType(path, "a list");
  int index = 0;
  for (const json::value& element : value.get_array()) {
    const std::string place = absl::StrCat(path, "[", index++, "]");
    if (Error error = ReadValue(field, element, place)) return error;
  }
  return std::nullopt;
}

Error Reader::ReadMap(const FieldDescriptor* field, const json::value& value,
                      const std::string& path) {
  if (!value.is_object()) return WrongType(path, "an object");
  const FieldDescriptor* key = field->message_type()->map_key();
  const FieldDescriptor* mapped = field->message_type()->map_value();
  for (const auto& member : value.get_object()) {
    Message* entry = reflection_.AddMessage(&message_, field);
    const std::string name(member.key());
    entry->GetReflection()->SetString(entry, key, name);
    if (member.value().is_null()) return WrongType(path, "without null values");
    if (Error error = Reader(entry).ReadValue(mapped, member.value(), path)) {
      return error;
    }
  }
  return std::nullopt;
}

Error Reader::ReadValue(const FieldDescriptor* field, const json::value& value,
                        const std::string& path) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return ReadMessage(field, value, path);
    case FieldDescriptor::CPPTYPE_ENUM:
      return ReadEnum(field, value, path);
    case FieldDescriptor::CPPTYPE_STRING:
      return ReadString(field, value, path);
    case FieldDescriptor::CPPTYPE_BOOL:
      if (!value.is_bool()) return WrongType(path, "true or false");
      if (field->is_repeated()) {
        reflection_.AddBool(&message_, field, value.get_bool());
      } else {
        reflection_.SetBool(&message_, field, value.get_bool());
      }
      return std::nullopt;
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      const std::optional<double> number = NumberOf(value);
      if (!number.has_value()) return WrongType(path, "a number");
      if (field->is_repeated()) {
        reflection_.AddDouble(&message_, field, *number);
      } else {
        reflection_.SetDouble(&message_, field, *number);
      }
      return std::nullopt;
    }
    default:
      return ReadInteger(field, value, path);
  }
}

Error Reader::ReadMessage(const FieldDescriptor* field,
                          const json::value& value, const std::string& path) {
  Message* child = field->is_repeated()
                       ? reflection_.AddMessage(&message_, field)
                       : reflection_.MutableMessage(&message_, field);
  if (field->message_type() == Timestamp::descriptor()) {
    return ReadTimestamp(value, path, static_cast<Timestamp*>(child));
  }
  if (field->message_type() == Duration::descriptor()) {
    return ReadDuration(value, path, static_cast<Duration*>(child));
  }
  if (!value.is_object()) return WrongType(path, "an object");
  return Reader(child).Read(value.get_object(), path);
}

Error Reader::ReadEnum(const FieldDescriptor* field, const json::value& value,
                       const std::string& path) {
  if (!value.is_string()) return WrongType(path, "a string");
  const EnumDescriptor* type = field->enum_type();
  const auto* named =
      type->FindValueByName(std::string(ToAbsl(value.get_string())));
  // Zero stands for no value, in protobuf; it has no name on the wire.
  if (named == nullptr || named->number() == 0) {
    std::vector<std::string> names;
    for (int i = 0; i < type->value_count(); ++i) {
      if (type->value(i)->number() != 0)
        names.push_back(type->value(i)->name());
    }
    return ConstraintWireError(
        path, absl::StrCat("Member must satisfy enum value set: [",
                           absl::StrJoin(names, ", "), "]"));
  }
  if (field->is_repeated()) {
    reflection_.AddEnum(&message_, field, named);
  } else {
    reflection_.SetEnum(&message_, field, named);
  }
  return std::nullopt;
}

Error Reader::ReadInteger(const FieldDescriptor* field,
                          const json::value& value, const std::string& path) {
  const std::optional<int64_t> number = IntegerOf(value);
  if (!number.has_value()) return WrongType(path, "a whole number");
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
    reflection_.SetInt64(&message_, field, *number);
    return std::nullopt;
  }
  if (*number < std::numeric_limits<int32_t>::min() ||
      *number > std::numeric_limits<int32_t>::max()) {
    return WrongType(path, "a whole number of at most 32 bits");
  }
  reflection_.SetInt32(&message_, field, static_cast<int32_t>(*number));
  return std::nullopt;
}

Error Reader::ReadString(const FieldDescriptor* field, const json::value& value,
                         const std::string& path) {
  if (!value.is_string()) return WrongType(path, "a string");
  std::string text(ToAbsl(value.get_string()));
  if (field->type() == FieldDescriptor::TYPE_BYTES &&
      !absl::Base64Unescape(ToAbsl(value.get_string()), &text)) {
    return WrongType(path, "base64");
  }
  if (field->is_repeated()) {
    reflection_.AddString(&message_, field, std::move(text));
  } else {
    reflection_.SetString(&message_, field, std::move(text));
  }
  return std::nullopt;
}

}  // namespace

Error ReadJson(absl::string_view text, Message* message) {
  json::parse_options options;
  options.max_depth = kDepthMax;
  json::error_code error;
  const json::value document =
      text.empty() ? json::value(json::object())
                   : json::parse(json::string_view(text.data(), text.size()),
                                 error, {}, options);
  if (error) {
    return SerializationError(
        absl::StrCat("The body is not valid JSON: ", error.message(), "."));
  }
  if (!document.is_object()) {
    return SerializationError("The body must be a JSON object.");
  }
  return Reader(message).Read(document.get_object(), "");
}

}  // namespace holdline
