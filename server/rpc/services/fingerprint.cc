#include "server/rpc/services/fingerprint.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "server/auth/sigv4/sha256.h"
#include "server/queries/page_markers.h"

namespace holdline {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

uint64_t Digest(absl::string_view bytes) {
  const Sha256Digest digest = Sha256(bytes);
  uint64_t number = 0;
  for (size_t i = 0; i < sizeof(number); ++i) number = number << 8 | digest[i];
  return number;
}

void AppendNumber(uint64_t number, std::string* form) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    form->push_back(static_cast<char>(number >> shift));
  }
}

void AppendText(const std::string& text, std::string* form) {
  AppendNumber(text.size(), form);
  form->append(text);
}

void AppendMessage(const Message& message, std::string* form);

// A value of a field, repeated or not.
class Value {
 public:
  Value(const Message& message, const FieldDescriptor& field, int index)
      : message_(message),
        reflection_(*message.GetReflection()),
        field_(&field),
        index_(index) {}

  void AppendTo(std::string* form) const {
    switch (field_->cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return AppendSigned(
            Get(&Reflection::GetInt32, &Reflection::GetRepeatedInt32), form);
      case FieldDescriptor::CPPTYPE_INT64:
        return AppendSigned(
            Get(&Reflection::GetInt64, &Reflection::GetRepeatedInt64), form);
      case FieldDescriptor::CPPTYPE_UINT32:
        return AppendNumber(
            Get(&Reflection::GetUInt32, &Reflection::GetRepeatedUInt32), form);
      case FieldDescriptor::CPPTYPE_UINT64:
        return AppendNumber(
            Get(&Reflection::GetUInt64, &Reflection::GetRepeatedUInt64), form);
      case FieldDescriptor::CPPTYPE_BOOL:
        return AppendNumber(
            Get(&Reflection::GetBool, &Reflection::GetRepeatedBool), form);
      case FieldDescriptor::CPPTYPE_ENUM:
        return AppendSigned(
            Get(&Reflection::GetEnumValue, &Reflection::GetRepeatedEnumValue),
            form);
      case FieldDescriptor::CPPTYPE_FLOAT:
        return AppendDouble(
            Get(&Reflection::GetFloat, &Reflection::GetRepeatedFloat), form);
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return AppendDouble(
            Get(&Reflection::GetDouble, &Reflection::GetRepeatedDouble), form);
      case FieldDescriptor::CPPTYPE_STRING:
        return AppendText(
            Get(&Reflection::GetString, &Reflection::GetRepeatedString), form);
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return AppendMessage(
            field_->is_repeated()
                ? reflection_.GetRepeatedMessage(message_, field_, index_)
                : reflection_.GetMessage(message_, field_),
            form);
    }
  }

 private:
  using Reflection = google::protobuf::Reflection;

  template <typename Type>
  Type Get(Type (Reflection::*single)(const Message&, const FieldDescriptor*)
               const,
           Type (Reflection::*repeated)(const Message&, const FieldDescriptor*,
                                        int) const) const {
    return field_->is_repeated()
               ? (reflection_.*repeated)(message_, field_, index_)
               : (reflection_.*single)(message_, field_);
  }

  static void AppendSigned(int64_t number, std::string* form) {
    AppendNumber(static_cast<uint64_t>(number), form);
  }

  static void AppendDouble(double number, std::string* form) {
    AppendNumber(std::bit_cast<uint64_t>(number), form);
  }

  const Message& message_;
  const google::protobuf::Reflection& reflection_;
  const FieldDescriptor* const field_;
  const int index_;
};

void AppendMap(const Message& message, const FieldDescriptor& field, int count,
               std::string* form) {
  std::vector<std::string> entries(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {
    Value(message, field, i).AppendTo(&entries[static_cast<size_t>(i)]);
  }
  std::sort(entries.begin(), entries.end());
  for (const std::string& entry : entries) form->append(entry);
}

void AppendField(const Message& message, const FieldDescriptor& field,
                 std::string* form) {
  const int count = field.is_repeated()
                        ? message.GetReflection()->FieldSize(message, &field)
                        : 1;
  AppendNumber(static_cast<uint64_t>(field.number()), form);
  AppendNumber(static_cast<uint64_t>(count), form);
  if (field.is_map()) return AppendMap(message, field, count, form);
  for (int i = 0; i < count; ++i) Value(message, field, i).AppendTo(form);
}

void AppendMessage(const Message& message, std::string* form) {
  // In the order of their numbers.
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  AppendNumber(fields.size(), form);
  for (const FieldDescriptor* field : fields) {
    AppendField(message, *field, form);
  }
}

}  // namespace

uint64_t Fingerprint(const Message& request) {
  std::string form;
  AppendMessage(request, &form);
  return Digest(form);
}

uint64_t FormerFingerprint(const Message& request) {
  return Digest(OrderedBytes(request));
}

}  // namespace holdline
