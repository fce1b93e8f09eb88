#include "server/gateway/json_reader.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/charconv.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "boost/json/basic_parser_impl.hpp"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "holdline/v1/contract.pb.h"
#include "server/gateway/json_scalar.h"

namespace holdline {
namespace {

using ::boost::json::error_code;
using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using Text = ::boost::json::string_view;

const FieldDescriptor* FindMember(const Descriptor* type,
                                  const std::string& name) {
  for (int i = 0; i < type->field_count(); ++i) {
    if (type->field(i)->json_name() == name) return type->field(i);
  }
  return nullptr;
}

// Whether JSON shows the messages of this field as objects.
bool IsObject(const FieldDescriptor* field) {
  return field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field->message_type() != google::protobuf::Timestamp::descriptor() &&
         field->message_type() != google::protobuf::Duration::descriptor();
}

// Takes what the parser finds, in order, and puts it where it belongs.
//
// Returns false, with an error code, to stop the parser; then `error_` says
// why. The names of the functions are the parser's.
class Handler {
 public:
  static constexpr size_t max_object_size = SIZE_MAX;
  static constexpr size_t max_array_size = SIZE_MAX;
  static constexpr size_t max_key_size = SIZE_MAX;
  static constexpr size_t max_string_size = SIZE_MAX;

  Handler(Message* root, int64_t values_max)
      : root_(root), values_max_(values_max) {}

  // What was wrong with the types, or with the values.
  std::optional<WireError> error() && {
    return error_.has_value() ? std::move(error_) : std::move(violation_);
  }
  bool failed() const { return error_.has_value(); }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code& code);
  bool on_object_end(size_t, error_code&);
  bool on_array_begin(error_code& code);
  bool on_array_end(size_t, error_code&);

  bool on_key_part(Text part, size_t, error_code&) { return Collect(part); }
  bool on_key(Text part, size_t, error_code&);
  bool on_string_part(Text part, size_t, error_code&) { return Collect(part); }
  bool on_string(Text part, size_t, error_code& code);
  bool on_number_part(Text, error_code&) { return true; }
  bool on_int64(int64_t value, Text, error_code& code) {
    return Scalar(value, code);
  }
  bool on_uint64(uint64_t value, Text, error_code& code) {
    return Scalar(value, code);
  }
  bool on_double(double value, Text text, error_code& code) {
    // What the parser has made of the text may be the number beside the nearest
    // one, and then times that are written and read again would wander.
    absl::from_chars(text.data(), text.data() + text.size(), value);
    return Scalar(value, code);
  }
  bool on_bool(bool value, error_code& code) { return Scalar(value, code); }
  bool on_null(error_code& code);

  bool on_comment_part(Text, error_code&) { return true; }
  bool on_comment(Text, error_code&) { return true; }

 private:
  // An object or list that has begun and not ended.
  struct Frame {
    enum class Kind { kMessage, kList, kMap };

    Kind kind;

    // Where the next value goes: a field, added to if the frame is a list, of
    // a message. Of a map, of the entry.
    Message* message;
    const FieldDescriptor* field = nullptr;

    // Of a list: which element the next, then the present, one is.
    int index = -1;

    // Of a message: the lists that it has named.
    std::vector<const FieldDescriptor*> lists = {};

    // Of a map: the message that has it, and the field that it is there.
    Message* owner = nullptr;
    const FieldDescriptor* map = nullptr;
  };

  bool Collect(Text part) {
    if (skipped_depth_ == 0) text_.append(part.data(), part.size());
    return true;
  }

  // Begins a value, and stops the parser if it is one too many. Returns false
  // if it is that, or is, or is in, a value that is ignored.
  bool BeginValue(error_code& code);

  bool Scalar(JsonScalar value, error_code& code);
  void BeginMap();
  void BeginMessage();

  // Notes which required lists the message, which ends, does not have.
  void CheckLists(const Frame& frame);

  std::string Path() const;

  // Each notes an error about the present value.
  bool WrongType(const std::string& expected, error_code& code);
  bool TooMany(error_code& code);
  void Violation(const std::string& path, const std::string& constraint);

  Message* const root_;
  const int64_t values_max_;
  int64_t values_ = 0;
  std::vector<Frame> frames_;

  // The parts of a text or name that have come so far.
  std::string text_;

  // How many objects and lists have begun and not ended within an ignored one,
  // itself included; and whether the next value is ignored.
  size_t skipped_depth_ = 0;
  bool skip_next_ = false;

  std::optional<WireError> error_;
  std::optional<WireError> violation_;
};

bool Handler::BeginValue(error_code& code) {
  if (++values_ > values_max_) return TooMany(code);
  if (skipped_depth_ > 0) return false;
  if (std::exchange(skip_next_, false)) return false;
  if (!frames_.empty()) ++frames_.back().index;
  return true;
}

bool Handler::on_object_begin(error_code& code) {
  if (!BeginValue(code)) {
    ++skipped_depth_;
    return !failed();
  }
  if (frames_.empty()) {
    frames_.push_back({Frame::Kind::kMessage, root_});
    return true;
  }
  const Frame& frame = frames_.back();
  const bool is_list = frame.field->is_repeated() && !frame.field->is_map() &&
                       frame.kind != Frame::Kind::kList;
  if (is_list) return WrongType("a list", code);
  if (!IsObject(frame.field)) return WrongType(ExpectedOf(frame.field), code);
  if (frame.field->is_map()) {
    BeginMap();
  } else {
    BeginMessage();
  }
  return true;
}

void Handler::BeginMap() {
  Frame map{Frame::Kind::kMap, nullptr};
  map.owner = frames_.back().message;
  map.map = frames_.back().field;
  frames_.push_back(std::move(map));
}

void Handler::BeginMessage() {
  const Frame& frame = frames_.back();
  const auto* reflection = frame.message->GetReflection();
  Message* message =
      frame.field->is_repeated()
          ? reflection->AddMessage(frame.message, frame.field)
          : reflection->MutableMessage(frame.message, frame.field);
  frames_.push_back({Frame::Kind::kMessage, message});
}

bool Handler::on_object_end(size_t, error_code&) {
  if (skipped_depth_ > 0) {
    --skipped_depth_;
    return true;
  }
  if (frames_.back().kind == Frame::Kind::kMessage) CheckLists(frames_.back());
  frames_.pop_back();
  return true;
}

void Handler::CheckLists(const Frame& frame) {
  const Descriptor* type = frame.message->GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (!field->is_repeated() ||
        !field->options().GetExtension(v1::limits).required() ||
        std::count(frame.lists.begin(), frame.lists.end(), field) > 0) {
      continue;
    }
    frames_.back().field = field;
    return Violation(Path(), "Member must not be null");
  }
}

bool Handler::on_array_begin(error_code& code) {
  if (!BeginValue(code)) {
    ++skipped_depth_;
    return !failed();
  }
  if (frames_.empty()) return WrongType("", code);
  Frame& frame = frames_.back();
  if (frame.kind != Frame::Kind::kMessage || !frame.field->is_repeated() ||
      frame.field->is_map()) {
    return WrongType(ExpectedOf(frame.field), code);
  }
  frame.lists.push_back(frame.field);
  frames_.push_back({Frame::Kind::kList, frame.message, frame.field});
  return true;
}

bool Handler::on_array_end(size_t, error_code&) {
  if (skipped_depth_ > 0) {
    --skipped_depth_;
  } else {
    frames_.pop_back();
  }
  return true;
}

bool Handler::on_key(Text part, size_t, error_code&) {
  if (skipped_depth_ > 0) return true;
  Collect(part);
  const std::string name = std::exchange(text_, {});
  Frame& frame = frames_.back();
  if (frame.kind == Frame::Kind::kMap) {
    const Descriptor* entry = frame.map->message_type();
    frame.message =
        frame.owner->GetReflection()->AddMessage(frame.owner, frame.map);
    frame.message->GetReflection()->SetString(frame.message, entry->map_key(),
                                              name);
    frame.field = entry->map_value();
    return true;
  }
  frame.field = FindMember(frame.message->GetDescriptor(), name);
  skip_next_ = frame.field == nullptr;
  if (skip_next_) return true;
  // Of members with the same name the last one counts.
  frame.message->GetReflection()->ClearField(frame.message, frame.field);
  std::erase(frame.lists, frame.field);
  return true;
}

bool Handler::on_string(Text part, size_t, error_code& code) {
  Collect(part);
  return Scalar(std::exchange(text_, {}), code);
}

bool Handler::Scalar(JsonScalar value, error_code& code) {
  if (!BeginValue(code)) return !failed();
  if (frames_.empty()) return WrongType("", code);
  const Frame& frame = frames_.back();
  if (frame.field->is_map()) return WrongType("an object", code);
  if (frame.field->is_repeated() && frame.kind != Frame::Kind::kList) {
    return WrongType("a list", code);
  }
  const ScalarFault fault =
      SetScalar(frame.field, std::move(value), frame.message);
  switch (fault.kind) {
    case ScalarFault::Kind::kNone:
      break;
    case ScalarFault::Kind::kType:
      return WrongType(fault.expected, code);
    case ScalarFault::Kind::kConstraint:
      Violation(Path(), fault.expected);
  }
  return true;
}

bool Handler::on_null(error_code& code) {
  if (!BeginValue(code)) return !failed();
  if (frames_.empty()) return WrongType("", code);
  const Frame& frame = frames_.back();
  // A member that is null is absent, and so it is since its name was read.
  if (frame.kind == Frame::Kind::kMessage) return true;
  return WrongType(ExpectedOf(frame.field), code);
}

// The keys of a map are the caller's, and not quoted.
std::string Handler::Path() const {
  std::string path;
  for (const Frame& frame : frames_) {
    switch (frame.kind) {
      case Frame::Kind::kMessage:
        absl::StrAppend(&path, ".", frame.field->json_name());
        break;
      case Frame::Kind::kList:
        absl::StrAppend(&path, "[", frame.index, "]");
        break;
      case Frame::Kind::kMap:
        path += "[*]";
        break;
    }
  }
  return std::string(absl::StripPrefix(path, "."));
}

bool Handler::WrongType(const std::string& expected, error_code& code) {
  code = boost::json::error::syntax;  // any: `error_` says what is wrong
  error_ = SerializationError(
      frames_.empty() ? "The body must be a JSON object."
                      : absl::StrCat("'", Path(), "' must be ", expected, "."));
  return false;
}

bool Handler::TooMany(error_code& code) {
  code = boost::json::error::syntax;  // any, as above
  error_ = {400, "InvalidRequestException",
            absl::StrCat("The body must have at most ", values_max_,
                         " values: each member is one, and each element of a "
                         "list.")};
  return false;
}

void Handler::Violation(const std::string& path,
                        const std::string& constraint) {
  // A wrong type, which may yet come, goes before; of violations the first one
  // is told.
  if (!violation_.has_value()) {
    violation_ = ConstraintWireError(path, constraint);
  }
}

WireError Malformed(const error_code& code, size_t position) {
  if (code == boost::json::error::too_deep) {
    return SerializationError(absl::StrCat("The body is nested deeper than ",
                                           kJsonDepthMax, " levels."));
  }
  return SerializationError(
      absl::StrCat("The body is not valid JSON: ", code.message(), " at byte ",
                   position, "."));
}

}  // namespace

std::optional<WireError> ReadJson(absl::string_view text, Message* message,
                                  int64_t values_max) {
  if (text.empty()) text = "{}";
  boost::json::parse_options options;
  options.max_depth = kJsonDepthMax;
  boost::json::basic_parser<Handler> parser(options, message, values_max);
  error_code code;
  const size_t position =
      parser.write_some(/*more=*/false, text.data(), text.size(), code);
  if (!code && position < text.size()) code = boost::json::error::extra_data;
  if (code && !parser.handler().failed()) return Malformed(code, position);
  return std::move(parser.handler()).error();
}

}  // namespace holdline
