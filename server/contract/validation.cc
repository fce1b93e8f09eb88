#include "server/contract/validation.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "holdline/v1/contract.pb.h"
#include "server/contract/text.h"

namespace holdline {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::Duration;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;
using ::google::protobuf::ServiceDescriptor;
using ::google::protobuf::Timestamp;

constexpr absl::string_view kPattern =
    "Member must satisfy regular expression pattern: "
    "[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*";

// The ranges that the definitions of the two types state.
constexpr int64_t kDurationSecondsMax = 315576000000;
constexpr int64_t kTimestampSecondsMin = -62135596800;
constexpr int64_t kTimestampSecondsMax = 253402300799;
constexpr int32_t kNanosMax = 999999999;

// What a value is compared with its limits as.
enum class Kind {
  kText,
  kNumber,
  kEnum,
  kDuration,
  kTimestamp,
  kMessage,
  kFree,  // a bool: nothing to check but whether it is there
};

Kind KindOf(const FieldDescriptor* field) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return Kind::kText;
    case FieldDescriptor::CPPTYPE_ENUM:
      return Kind::kEnum;
    case FieldDescriptor::CPPTYPE_BOOL:
      return Kind::kFree;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (field->message_type() == Duration::descriptor()) {
        return Kind::kDuration;
      }
      if (field->message_type() == Timestamp::descriptor()) {
        return Kind::kTimestamp;
      }
      return Kind::kMessage;
    default:
      return Kind::kNumber;
  }
}

double NumberOf(const Message& message, const FieldDescriptor* field) {
  const Reflection* reflection = message.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection->GetInt32(message, field);
    case FieldDescriptor::CPPTYPE_INT64:
      return static_cast<double>(reflection->GetInt64(message, field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection->GetUInt32(message, field);
    case FieldDescriptor::CPPTYPE_UINT64:
      return static_cast<double>(reflection->GetUInt64(message, field));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return reflection->GetFloat(message, field);
    default:
      return reflection->GetDouble(message, field);
  }
}

// "FINISHED, FAILED, FALSE": the names that a caller may use. By our habit the
// number zero of an enum stands for "not given".
std::string AllowedNames(const google::protobuf::EnumDescriptor* type) {
  std::vector<absl::string_view> names;
  for (int i = 0; i < type->value_count(); ++i) {
    if (type->value(i)->number() != 0) names.push_back(type->value(i)->name());
  }
  return absl::StrJoin(names, ", ");
}

}  // namespace

absl::Status ConstraintError(absl::string_view path,
                             absl::string_view constraint) {
  return absl::InvalidArgumentError(
      absl::StrCat("1 validation error detected: Value at '", path,
                   "' failed to satisfy constraint: ", constraint));
}

// What is to be checked of a message: only fields with something to check.
struct Validation::Plan {
  struct Rule {
    const FieldDescriptor* field;
    Kind kind;
    bool required;
    bool any_character;
    std::optional<int64_t> min = {};
    std::optional<int64_t> max = {};
    std::optional<int64_t> items_max = {};
    const Plan* message = nullptr;  // with kMessage
  };

  std::vector<Rule> rules;
};

// One check of one request. The path is only put together when a limit is
// broken: each level adds its part as the error goes up.
class Validation::Walk {
 public:
  // Returns whether `message` keeps its limits.
  bool Message(const Plan& plan, const google::protobuf::Message& message);

  absl::Status Error() const {
    return ConstraintError(absl::string_view(path_).substr(1), constraint_);
  }

 private:
  using Rule = Plan::Rule;

  bool Field(const Rule& rule, const google::protobuf::Message& message);
  bool List(const Rule& rule, const google::protobuf::Message& message);
  bool Element(const Rule& rule, const google::protobuf::Message& message,
               int index);
  bool Text(const Rule& rule, const std::string& text);
  bool Enum(const Rule& rule, int number);
  bool Nested(const Rule& rule, const google::protobuf::Message& value);
  bool WholeDuration(const Rule& rule, const Duration& duration);
  bool Range(const Rule& rule, double value, absl::string_view what,
             absl::string_view unit);

  bool Fail(std::string constraint) {
    constraint_ = std::move(constraint);
    return false;
  }

  // Each part with what separates it from the one before: `.tasks[0].type`.
  std::string path_;
  std::string constraint_;
};

bool Validation::Walk::Message(const Plan& plan,
                               const google::protobuf::Message& message) {
  for (const Rule& rule : plan.rules) {
    if (Field(rule, message)) continue;
    path_ = absl::StrCat(".", rule.field->json_name(), path_);
    return false;
  }
  return true;
}

bool Validation::Walk::Field(const Rule& rule,
                             const google::protobuf::Message& message) {
  if (rule.field->is_repeated()) return List(rule, message);
  const Reflection* reflection = message.GetReflection();
  if (!reflection->HasField(message, rule.field)) {
    return !rule.required || Fail("Member must not be null");
  }
  switch (rule.kind) {
    case Kind::kText: {
      std::string scratch;
      return Text(
          rule, reflection->GetStringReference(message, rule.field, &scratch));
    }
    case Kind::kNumber:
      return Range(rule, NumberOf(message, rule.field), "value", "");
    case Kind::kEnum:
      return Enum(rule, reflection->GetEnumValue(message, rule.field));
    case Kind::kFree:
      return true;
    case Kind::kDuration:
    case Kind::kTimestamp:
    case Kind::kMessage:
      break;
  }
  return Nested(rule, reflection->GetMessage(message, rule.field));
}

bool Validation::Walk::List(const Rule& rule,
                            const google::protobuf::Message& message) {
  const int size = message.GetReflection()->FieldSize(message, rule.field);
  if (rule.items_max.has_value() && size > *rule.items_max) {
    return Fail(absl::StrCat("Member must have length less than or equal to ",
                             *rule.items_max));
  }
  for (int i = 0; i < size; ++i) {
    if (Element(rule, message, i)) continue;
    absl::string_view rest = path_;
    if (rule.field->is_map()) absl::ConsumePrefix(&rest, ".value");
    // Entries of a map have no order, and their keys are the caller's.
    path_ = rule.field->is_map() ? absl::StrCat("[*]", rest)
                                 : absl::StrCat("[", i, "]", rest);
    return false;
  }
  return true;
}

bool Validation::Walk::Element(const Rule& rule,
                               const google::protobuf::Message& message,
                               int index) {
  const Reflection* reflection = message.GetReflection();
  switch (rule.kind) {
    case Kind::kText: {
      std::string scratch;
      return Text(rule, reflection->GetRepeatedStringReference(
                            message, rule.field, index, &scratch));
    }
    case Kind::kEnum:
      return Enum(rule,
                  reflection->GetRepeatedEnumValue(message, rule.field, index));
    case Kind::kNumber:
    case Kind::kFree:
      return true;
    case Kind::kDuration:
    case Kind::kTimestamp:
    case Kind::kMessage:
      break;
  }
  return Nested(rule,
                reflection->GetRepeatedMessage(message, rule.field, index));
}

bool Validation::Walk::Nested(const Rule& rule,
                              const google::protobuf::Message& value) {
  if (rule.kind == Kind::kMessage) return Message(*rule.message, value);
  if (rule.kind == Kind::kDuration) {
    return WholeDuration(rule, static_cast<const Duration&>(value));
  }
  const auto& time = static_cast<const Timestamp&>(value);
  return (time.seconds() >= kTimestampSecondsMin &&
          time.seconds() <= kTimestampSecondsMax && time.nanos() >= 0 &&
          time.nanos() <= kNanosMax) ||
         Fail("Member must be a time from year 1 to year 9999");
}

bool Validation::Walk::WholeDuration(const Rule& rule,
                                     const Duration& duration) {
  const int64_t seconds = duration.seconds();
  const int32_t nanos = duration.nanos();
  const bool one_sign =
      !((seconds > 0 && nanos < 0) || (seconds < 0 && nanos > 0));
  if (!one_sign || seconds < -kDurationSecondsMax ||
      seconds > kDurationSecondsMax || nanos < -kNanosMax ||
      nanos > kNanosMax) {
    return Fail("Member must be a well-formed duration");
  }
  return Range(rule, static_cast<double>(seconds) + nanos * 1e-9, "value",
               " seconds");
}

bool Validation::Walk::Text(const Rule& rule, const std::string& text) {
  const TextFacts facts = ExamineText(text);
  if (!facts.valid || (!rule.any_character && !facts.printable)) {
    return Fail(std::string(kPattern));
  }
  return Range(rule, static_cast<double>(facts.characters), "length", "");
}

bool Validation::Walk::Enum(const Rule& rule, int number) {
  const google::protobuf::EnumDescriptor* type = rule.field->enum_type();
  if (number != 0 && type->FindValueByNumber(number) != nullptr) return true;
  return Fail(absl::StrCat("Member must satisfy enum value set: [",
                           AllowedNames(type), "]"));
}

bool Validation::Walk::Range(const Rule& rule, double value,
                             absl::string_view what, absl::string_view unit) {
  // Written so that a NaN is out of every range.
  if (rule.min.has_value() && !(value >= static_cast<double>(*rule.min))) {
    return Fail(absl::StrCat("Member must have ", what,
                             " greater than or equal to ", *rule.min, unit));
  }
  if (rule.max.has_value() && !(value <= static_cast<double>(*rule.max))) {
    return Fail(absl::StrCat("Member must have ", what,
                             " less than or equal to ", *rule.max, unit));
  }
  return true;
}

Validation::Validation(
    std::initializer_list<const ServiceDescriptor*> services) {
  for (const ServiceDescriptor* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      PlanFor(service->method(i)->input_type());
    }
  }
}

Validation::~Validation() = default;

const Validation::Plan* Validation::PlanFor(const Descriptor* type) {
  auto [entry, is_new] = plans_.try_emplace(type);
  if (!is_new) return entry->second.get();
  entry->second = std::make_unique<Plan>();
  // The map may grow below; the plan stays where it is.
  Plan* const plan = entry->second.get();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const v1::Limits& limits = field->options().GetExtension(v1::limits);
    Plan::Rule rule{field, KindOf(field), limits.required(),
                    limits.any_character()};
    if (limits.has_min()) rule.min = limits.min();
    if (limits.has_max()) rule.max = limits.max();
    if (limits.has_items_max()) rule.items_max = limits.items_max();
    if (rule.kind == Kind::kMessage)
      rule.message = PlanFor(field->message_type());
    if (rule.kind == Kind::kFree && !rule.required) continue;
    plan->rules.push_back(rule);
  }
  return plan;
}

absl::Status Validation::Check(const Message& input) const {
  const auto plan = plans_.find(input.GetDescriptor());
  if (plan == plans_.end()) {
    return absl::InternalError("there are no limits for this message");
  }
  Walk walk;
  if (walk.Message(*plan->second, input)) return absl::OkStatus();
  return walk.Error();
}

}  // namespace holdline
