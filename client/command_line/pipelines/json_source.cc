#include "client/command_line/pipelines/json_source.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/string_view.h"
#include "boost/json/basic_parser_impl.hpp"
#include "boost/json/error.hpp"
#include "server/base/utf8.h"

namespace holdline::client {
namespace {

using ::boost::json::error_code;
using Text = ::boost::json::string_view;
using Kind = JsonSource::Kind;

// Builds values from what the parser finds. It is given where each begins. The
// names of the functions are the parser's.
class Builder {
 public:
  static constexpr size_t max_object_size = SIZE_MAX;
  static constexpr size_t max_array_size = SIZE_MAX;
  static constexpr size_t max_key_size = SIZE_MAX;
  static constexpr size_t max_string_size = SIZE_MAX;

  explicit Builder(JsonSource* root) : root_(root) {}

  // Notes that the byte at `offset` is the next that the parser is given.
  void BeforeByte(size_t offset, char byte) {
    offset_ = offset;
    if (in_string_) return;
    if (byte == '"') {
      start_ = offset;
      in_string_ = true;
    } else if (IsOfScalar(byte)) {
      if (!in_scalar_) start_ = offset;
      in_scalar_ = true;
    }
  }

  // Notes that the parser has taken that byte.
  void AfterByte(char byte) {
    if (!in_string_ && !IsOfScalar(byte)) in_scalar_ = false;
  }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code&) { return Open(Kind::kObject); }
  bool on_object_end(size_t, error_code&) { return Close(); }
  bool on_array_begin(error_code&) { return Open(Kind::kList); }
  bool on_array_end(size_t, error_code&) { return Close(); }

  bool on_key_part(Text part, size_t, error_code&) { return Collect(part); }
  bool on_key(Text part, size_t, error_code&) {
    Collect(part);
    in_string_ = false;
    open_.back()->members.push_back(
        {.key = std::exchange(text_, {}), .offset = start_, .value = {}});
    return true;
  }
  bool on_string_part(Text part, size_t, error_code&) { return Collect(part); }
  bool on_string(Text part, size_t, error_code&) {
    in_string_ = false;
    return Scalar(Kind::kString, part);
  }
  bool on_number_part(Text part, error_code&) { return Collect(part); }
  bool on_int64(int64_t, Text part, error_code&) {
    return Scalar(Kind::kNumber, part);
  }
  bool on_uint64(uint64_t, Text part, error_code&) {
    return Scalar(Kind::kNumber, part);
  }
  bool on_double(double, Text part, error_code&) {
    return Scalar(Kind::kNumber, part);
  }
  bool on_bool(bool value, error_code&) {
    return Scalar(Kind::kBoolean, value ? "true" : "false");
  }
  bool on_null(error_code&) { return Scalar(Kind::kNull, "null"); }

  bool on_comment_part(Text, error_code&) { return true; }
  bool on_comment(Text, error_code&) { return true; }

 private:
  // Whether the byte, outside strings, is one of a number or a word.
  static bool IsOfScalar(char byte) {
    return Text(" \t\r\n,:[]{}\"").find(byte) == Text::npos;
  }

  bool Collect(Text part) {
    text_.append(part.data(), part.size());
    return true;
  }

  // Where the next value belongs.
  JsonSource* Place() {
    if (open_.empty()) return root_;
    JsonSource* parent = open_.back();
    if (parent->kind == Kind::kObject) return &parent->members.back().value;
    return &parent->items.emplace_back();
  }

  bool Open(Kind kind) {
    JsonSource* value = Place();
    value->kind = kind;
    value->offset = offset_;
    open_.push_back(value);
    return true;
  }

  bool Close() {
    open_.pop_back();
    return true;
  }

  bool Scalar(Kind kind, Text part) {
    Collect(part);
    JsonSource* value = Place();
    value->kind = kind;
    value->offset = start_;
    value->text = std::exchange(text_, {});
    return true;
  }

  JsonSource* const root_;

  // The objects and lists that have begun and not ended. A value does not move
  // while it is open: only what stands beside its innermost grows.
  std::vector<JsonSource*> open_;

  // The parts of a string, key or number that have come so far.
  std::string text_;

  // The byte that the parser is looking at, and the one that the present
  // string, number or word began with.
  size_t offset_ = 0;
  size_t start_ = 0;
  bool in_string_ = false;
  bool in_scalar_ = false;
};

}  // namespace

SourcePosition PositionAt(const std::string& text, size_t offset) {
  const absl::string_view before = absl::string_view(text).substr(0, offset);
  // Without a line end the line begins at 0, which is behind npos.
  const size_t line_begin = before.rfind('\n') + 1;
  return {.line = 1 + static_cast<int>(
                          std::count(before.begin(), before.end(), '\n')),
          .column =
              1 + static_cast<int>(CountCharacters(before.substr(line_begin)))};
}

const JsonMember* JsonSource::Find(const std::string& key) const {
  const auto found =
      std::find_if(members.rbegin(), members.rend(),
                   [&](const JsonMember& member) { return member.key == key; });
  return found == members.rend() ? nullptr : &*found;
}

bool ReadJson(const std::string& text, JsonSource& source, JsonError& error) {
  boost::json::basic_parser<Builder> parser({}, &source);
  error_code code;
  // The parser does not tell where it is. Given one byte at a time, it is
  // there.
  for (size_t i = 0; i < text.size() && !code; ++i) {
    parser.handler().BeforeByte(i, text[i]);
    const size_t taken = parser.write_some(true, &text[i], 1, code);
    parser.handler().AfterByte(text[i]);
    if (!code && taken == 0) code = boost::json::error::extra_data;
    error.offset = i;
  }
  if (!code) {
    error.offset = text.size();
    parser.write_some(false, nullptr, 0, code);
  }
  if (!code) return true;
  error.message = code.message();
  return false;
}

}  // namespace holdline::client
