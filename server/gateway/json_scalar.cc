#include "server/gateway/json_scalar.h"

#include <cmath>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace holdline {
namespace {

using ::google::protobuf::EnumDescriptor;
using ::google::protobuf::EnumValueDescriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

constexpr double kNanosPerSecond = 1e9;

// Beyond every time and length that the broker accepts, and within what the
// arithmetic here can bear.
constexpr double kSecondsMax = 1e15;

// Returns `value` as a whole number of type T, if it is one and in range.
template <typename T>
std::optional<T> Whole(const JsonScalar& value) {
  const auto fits = [](auto number) {
    return std::in_range<T>(number) ? std::optional<T>(static_cast<T>(number))
                                    : std::nullopt;
  };
  if (const auto* number = std::get_if<int64_t>(&value)) return fits(*number);
  if (const auto* number = std::get_if<uint64_t>(&value)) return fits(*number);
  const auto* number = std::get_if<double>(&value);
  // The greatest T plus one is a power of two, which a double holds exactly.
  const double bound = std::ldexp(1.0, std::numeric_limits<T>::digits);
  const double least = std::is_signed_v<T> ? -bound : 0;
  if (number == nullptr || *number != std::trunc(*number) || *number < least ||
      *number >= bound) {
    return std::nullopt;
  }
  return static_cast<T>(*number);
}

std::optional<double> Number(const JsonScalar& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) {
    return static_cast<double>(*number);
  }
  if (const auto* number = std::get_if<uint64_t>(&value)) {
    return static_cast<double>(*number);
  }
  const auto* number = std::get_if<double>(&value);
  if (number == nullptr || !std::isfinite(*number)) return std::nullopt;
  return *number;
}

// Seconds and nanoseconds of a number of seconds, the latter never negative.
// What a double cannot tell of a time of today, below a microsecond, is noise.
std::optional<std::pair<int64_t, int32_t>> SecondsOf(const JsonScalar& value) {
  const std::optional<double> number = Number(value);
  if (!number.has_value() || std::abs(*number) > kSecondsMax) {
    return std::nullopt;
  }
  constexpr int32_t kNanosPerMicro = 1000;
  const double whole = std::floor(*number);
  const auto micros = static_cast<int32_t>(
      std::lround((*number - whole) * kNanosPerSecond / kNanosPerMicro));
  constexpr int32_t kMicrosPerSecond = 1'000'000;
  const auto seconds = static_cast<int64_t>(whole);
  if (micros == kMicrosPerSecond) return std::pair(seconds + 1, 0);
  return std::pair(seconds, micros * kNanosPerMicro);
}

std::optional<absl::Time> ReadTime(const JsonScalar& value) {
  if (const auto seconds = SecondsOf(value); seconds.has_value()) {
    return absl::FromUnixSeconds(seconds->first) +
           absl::Nanoseconds(seconds->second);
  }
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  for (const char* format :
       {absl::RFC3339_full, "%E4Y-%m-%d%ET%H:%M:%E*S", "%E4Y-%m-%d"}) {
    absl::Time time;
    std::string ignored;
    if (absl::ParseTime(format, *text, &time, &ignored) &&
        time > absl::InfinitePast() && time < absl::InfiniteFuture()) {
      return time;
    }
  }
  return std::nullopt;
}

std::optional<absl::Duration> ReadDuration(const JsonScalar& value) {
  if (const auto seconds = SecondsOf(value); seconds.has_value()) {
    return absl::Seconds(seconds->first) + absl::Nanoseconds(seconds->second);
  }
  const auto* text = std::get_if<std::string>(&value);
  absl::Duration length;
  if (text == nullptr || !absl::ParseDuration(*text, &length) ||
      length == absl::InfiniteDuration() ||
      length == -absl::InfiniteDuration()) {
    return std::nullopt;
  }
  return length;
}

// By our habit the number zero of an enum stands for "not given".
ScalarFault NoSuchValue(const EnumDescriptor* type) {
  std::vector<std::string> names;
  for (int i = 0; i < type->value_count(); ++i) {
    if (type->value(i)->number() != 0) names.push_back(type->value(i)->name());
  }
  return {ScalarFault::Kind::kConstraint,
          absl::StrCat("Member must satisfy enum value set: [",
                       absl::StrJoin(names, ", "), "]")};
}

// One field of one message, about to be set.
class Setter {
 public:
  Setter(const FieldDescriptor* field, Message* message)
      : field_(field),
        message_(message),
        reflection_(*message->GetReflection()) {}

  // Each returns whether the value was accepted and, if so, has set it.
  bool Set(JsonScalar value);
  bool SetEnum(const std::string& name);

 private:
  // Calls `single` or, if the field is a list, `repeated`.
  template <typename T, typename Single, typename Repeated>
  bool Put(std::optional<T> value, Single single, Repeated repeated) {
    if (!value.has_value()) return false;
    if (field_->is_repeated()) {
      (reflection_.*repeated)(message_, field_, *std::move(value));
    } else {
      (reflection_.*single)(message_, field_, *std::move(value));
    }
    return true;
  }

  Message* Mutable() {
    return field_->is_repeated() ? reflection_.AddMessage(message_, field_)
                                 : reflection_.MutableMessage(message_, field_);
  }

  bool SetText(JsonScalar value);
  bool SetMessage(const JsonScalar& value);

  const FieldDescriptor* const field_;
  Message* const message_;
  const Reflection& reflection_;
};

bool Setter::SetText(JsonScalar value) {
  auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return false;
  if (field_->type() == FieldDescriptor::TYPE_BYTES) {
    std::string bytes;
    if (!absl::Base64Unescape(*text, &bytes)) return false;
    *text = std::move(bytes);
  }
  return Put(std::optional(std::move(*text)), &Reflection::SetString,
             &Reflection::AddString);
}

bool Setter::SetMessage(const JsonScalar& value) {
  if (field_->message_type() == google::protobuf::Timestamp::descriptor()) {
    const std::optional<absl::Time> time = ReadTime(value);
    if (!time.has_value()) return false;
    const int64_t seconds = absl::ToUnixSeconds(*time);
    auto* target = static_cast<google::protobuf::Timestamp*>(Mutable());
    target->set_seconds(seconds);
    target->set_nanos(static_cast<int32_t>(
        absl::ToInt64Nanoseconds(*time - absl::FromUnixSeconds(seconds))));
    return true;
  }
  if (field_->message_type() == google::protobuf::Duration::descriptor()) {
    std::optional<absl::Duration> length = ReadDuration(value);
    if (!length.has_value()) return false;
    auto* target = static_cast<google::protobuf::Duration*>(Mutable());
    target->set_seconds(
        absl::IDivDuration(*length, absl::Seconds(1), &*length));
    target->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(*length)));
    return true;
  }
  return false;
}

bool Setter::SetEnum(const std::string& name) {
  const EnumValueDescriptor* value = field_->enum_type()->FindValueByName(name);
  if (value == nullptr || value->number() == 0) return false;
  return Put(std::optional(value), &Reflection::SetEnum, &Reflection::AddEnum);
}

bool Setter::Set(JsonScalar value) {
  switch (field_->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return Put(Whole<int32_t>(value), &Reflection::SetInt32,
                 &Reflection::AddInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return Put(Whole<int64_t>(value), &Reflection::SetInt64,
                 &Reflection::AddInt64);
    case FieldDescriptor::CPPTYPE_UINT32:
      return Put(Whole<uint32_t>(value), &Reflection::SetUInt32,
                 &Reflection::AddUInt32);
    case FieldDescriptor::CPPTYPE_UINT64:
      return Put(Whole<uint64_t>(value), &Reflection::SetUInt64,
                 &Reflection::AddUInt64);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return Put(Number(value), &Reflection::SetDouble, &Reflection::AddDouble);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return Put(Number(value), &Reflection::SetFloat, &Reflection::AddFloat);
    case FieldDescriptor::CPPTYPE_BOOL: {
      const bool* truth = std::get_if<bool>(&value);
      return truth != nullptr &&
             Put(std::optional(*truth), &Reflection::SetBool,
                 &Reflection::AddBool);
    }
    case FieldDescriptor::CPPTYPE_STRING:
      return SetText(std::move(value));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return SetMessage(value);
    case FieldDescriptor::CPPTYPE_ENUM:
      break;  // SetEnum's
  }
  return false;
}

template <typename T>
std::string WholeNumberOf() {
  return absl::StrCat("a whole number from ", std::numeric_limits<T>::min(),
                      " to ", std::numeric_limits<T>::max());
}

}  // namespace

ScalarFault SetScalar(const FieldDescriptor* field, JsonScalar value,
                      Message* message) {
  Setter setter(field, message);
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM &&
      std::holds_alternative<std::string>(value)) {
    if (setter.SetEnum(std::get<std::string>(value))) return {};
    return NoSuchValue(field->enum_type());
  }
  if (setter.Set(std::move(value))) return {};
  return {ScalarFault::Kind::kType, ExpectedOf(field)};
}

std::string ExpectedOf(const FieldDescriptor* field) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return WholeNumberOf<int32_t>();
    case FieldDescriptor::CPPTYPE_INT64:
      return WholeNumberOf<int64_t>();
    case FieldDescriptor::CPPTYPE_UINT32:
      return WholeNumberOf<uint32_t>();
    case FieldDescriptor::CPPTYPE_UINT64:
      return WholeNumberOf<uint64_t>();
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return "a number";
    case FieldDescriptor::CPPTYPE_BOOL:
      return "true or false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return "a string";
    case FieldDescriptor::CPPTYPE_STRING:
      return field->type() == FieldDescriptor::TYPE_BYTES ? "a base64 string"
                                                          : "a string";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  if (field->message_type() == google::protobuf::Timestamp::descriptor()) {
    return "a time: seconds since 1970, or an ISO 8601 string";
  }
  if (field->message_type() == google::protobuf::Duration::descriptor()) {
    return "a duration: seconds, or a string such as \"1.5s\"";
  }
  return "an object";
}

}  // namespace holdline
