// JSON with source positions.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_JSON_SOURCE_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_JSON_SOURCE_H_

#include <cstddef>
#include <string>
#include <vector>

namespace holdline::client {

// A place in a text, as editors count: from 1, and in characters.
struct SourcePosition {
  int line = 1;
  int column = 1;
};

// Where the byte at `offset` stands in `text`, which is UTF-8. An offset past
// the end is the end.
SourcePosition PositionAt(const std::string& text, size_t offset);

struct JsonMember;

// A value and the byte that it begins with.
struct JsonSource {
  enum class Kind { kObject, kList, kString, kNumber, kBoolean, kNull };

  Kind kind = Kind::kNull;
  size_t offset = 0;

  // The content of a string, or the letters of a number, `true`, `false` or
  // `null`.
  std::string text = {};

  // Of an object, in the order of the file. A key may be there twice.
  std::vector<JsonMember> members = {};

  // Of a list.
  std::vector<JsonSource> items = {};

  // The member with the key, the last one if there are several, or null.
  const JsonMember* Find(const std::string& key) const;
};

// A key with its value, and the byte that the key begins with.
struct JsonMember {
  std::string key;
  size_t offset = 0;
  JsonSource value;
};

// The syntax error and its byte.
struct JsonError {
  std::string message;
  size_t offset = 0;
};

// Reads `text` into `source`. Returns whether it is JSON, of at most 32 levels;
// otherwise `error` says what is wrong, and `source` is of no use.
bool ReadJson(const std::string& text, JsonSource& source, JsonError& error);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_JSON_SOURCE_H_
