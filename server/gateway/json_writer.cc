#include "server/gateway/json_writer.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "boost/json.hpp"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/empty.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"
#include "holdline/v1/contract.pb.h"

namespace holdline {
namespace {

namespace json = boost::json;

using ::google::protobuf::Descriptor;
using ::google::protobuf::Duration;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;
using ::google::protobuf::Timestamp;

json::value ToValue(const Message& message);

json::value ToValue(const Timestamp& timestamp) {
  if (timestamp.nanos() == 0) return timestamp.seconds();
  return static_cast<double>(timestamp.seconds()) + timestamp.nanos() * 1e-9;
}

json::value ToValue(const Duration& duration) {
  return json::string(google::protobuf::util::TimeUtil::ToString(duration));
}

// One value of a member: the only one, or the one at `index` of a list.
class Value {
 public:
  Value(const Message& message, const FieldDescriptor* field, int index)
      : message_(message),
        reflection_(*message.GetReflection()),
        field_(field),
        index_(index) {}

  json::value Get() const {
    switch (field_->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return ToValue(GetMessage());
      case FieldDescriptor::CPPTYPE_STRING:
        return json::string(GetText());
      case FieldDescriptor::CPPTYPE_ENUM:
        return json::string(
            (field_->is_repeated()
                 ? reflection_.GetRepeatedEnum(message_, field_, index_)
                 : reflection_.GetEnum(message_, field_))
                ->name());
      case FieldDescriptor::CPPTYPE_BOOL:
        return field_->is_repeated()
                   ? reflection_.GetRepeatedBool(message_, field_, index_)
                   : reflection_.GetBool(message_, field_);
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return field_->is_repeated()
                   ? reflection_.GetRepeatedDouble(message_, field_, index_)
                   : reflection_.GetDouble(message_, field_);
      case FieldDescriptor::CPPTYPE_INT64:
        return field_->is_repeated()
                   ? reflection_.GetRepeatedInt64(message_, field_, index_)
                   : reflection_.GetInt64(message_, field_);
      case FieldDescriptor::CPPTYPE_UINT64:
        return field_->is_repeated()
                   ? reflection_.GetRepeatedUInt64(message_, field_, index_)
                   : reflection_.GetUInt64(message_, field_);
      case FieldDescriptor::CPPTYPE_UINT32:
        return field_->is_repeated()
                   ? reflection_.GetRepeatedUInt32(message_, field_, index_)
                   : reflection_.GetUInt32(message_, field_);
      case FieldDescriptor::CPPTYPE_FLOAT:
        return field_->is_repeated()
                   ? reflection_.GetRepeatedFloat(message_, field_, index_)
                   : reflection_.GetFloat(message_, field_);
      default:
        return field_->is_repeated()
                   ? reflection_.GetRepeatedInt32(message_, field_, index_)
                   : reflection_.GetInt32(message_, field_);
    }
  }

  const Message& GetMessage() const {
    return field_->is_repeated()
               ? reflection_.GetRepeatedMessage(message_, field_, index_)
               : reflection_.GetMessage(message_, field_);
  }

  std::string GetText() const {
    std::string text =
        field_->is_repeated()
            ? reflection_.GetRepeatedString(message_, field_, index_)
            : reflection_.GetString(message_, field_);
    return field_->type() == FieldDescriptor::TYPE_BYTES
               ? absl::Base64Escape(text)
               : text;
  }

 private:
  const Message& message_;
  const Reflection& reflection_;
  const FieldDescriptor* const field_;
  const int index_;
};

json::value ListOf(const Message& message, const FieldDescriptor* field) {
  json::array list;
  const int size = message.GetReflection()->FieldSize(message, field);
  list.reserve(static_cast<size_t>(size));
  for (int i = 0; i < size; ++i) {
    list.push_back(Value(message, field, i).Get());
  }
  return list;
}

json::value MapOf(const Message& message, const FieldDescriptor* field) {
  const FieldDescriptor* key = field->message_type()->map_key();
  const FieldDescriptor* mapped = field->message_type()->map_value();
  std::map<std::string, json::value> entries;
  const int size = message.GetReflection()->FieldSize(message, field);
  for (int i = 0; i < size; ++i) {
    const Message& entry = Value(message, field, i).GetMessage();
    entries.emplace(Value(entry, key, 0).GetText(),
                    Value(entry, mapped, 0).Get());
  }
  json::object object;
  for (auto& [name, value] : entries) object.emplace(name, std::move(value));
  return object;
}

// Without those that AWS clients do not know.
std::vector<const FieldDescriptor*> ByName(const Descriptor* type) {
  std::vector<const FieldDescriptor*> fields;
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (!field->options().GetExtension(v1::ours)) fields.push_back(field);
  }
  std::sort(fields.begin(), fields.end(), [](const auto* a, const auto* b) {
    return a->json_name() < b->json_name();
  });
  return fields;
}

json::value ToValue(const Message& message) {
  const Descriptor* type = message.GetDescriptor();
  if (type == Timestamp::descriptor()) {
    return ToValue(static_cast<const Timestamp&>(message));
  }
  if (type == Duration::descriptor()) {
    return ToValue(static_cast<const Duration&>(message));
  }
  json::object object;
  for (const FieldDescriptor* field : ByName(type)) {
    if (field->is_map()) {
      object.emplace(field->json_name(), MapOf(message, field));
    } else if (field->is_repeated()) {
      object.emplace(field->json_name(), ListOf(message, field));
    } else if (message.GetReflection()->HasField(message, field)) {
      object.emplace(field->json_name(), Value(message, field, 0).Get());
    }
  }
  return object;
}

}  // namespace

std::string WriteJson(const Message& message) {
  if (message.GetDescriptor() == google::protobuf::Empty::descriptor()) {
    return "";
  }
  return json::serialize(ToValue(message));
}

}  // namespace holdline
