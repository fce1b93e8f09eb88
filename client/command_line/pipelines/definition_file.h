// Definitions as the AWS CLI keeps them in files (DATAPIPELINE section 14.1):
//
//   {"objects": [{"id": "Hello", "type": "ShellCommandActivity",
//                 "schedule": {"ref": "Hourly"}, "command": "echo #{myText}"}],
//    "parameters": [{"id": "myText", "type": "String"}],
//    "values": {"myText": "hello"}}

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_DEFINITION_FILE_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_DEFINITION_FILE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/command_line/pipelines/json_source.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {

// A file that holds a definition or parts of one. Immutable.
class DefinitionFile {
 public:
  // The kind of file, and so the key that it must have.
  enum class Part { kObjects, kParameters, kValues };

  // Translates the text of a file; `path` only names it.
  //
  // Of an object, every key but `id` and `name` becomes fields, sorted by key:
  // a string is one field, {"ref": "ID"} is one that refers, a list is one for
  // each element. `name` is the id if it is absent. Parameters likewise; values
  // stay in their order. A key that is there twice counts as it is written
  // last; keys beside the three are ignored.
  //
  // INVALID_ARGUMENT: it is no JSON, the key is missing, or something is of a
  // kind that the API has no place for, such as a number. The message begins
  // with `FILE:LINE:COLUMN: `.
  static absl::StatusOr<DefinitionFile> Parse(const std::string& path,
                                              std::string text, Part part);

  // Likewise from the file: `-` is standard input, and `file://PATH` is PATH,
  // as it is for the AWS CLI. INVALID_ARGUMENT also if it cannot be read.
  static absl::StatusOr<DefinitionFile> Read(const std::string& path,
                                             Part part);

  const std::string& path() const { return path_; }
  const v1::GetPipelineDefinitionOutput& definition() const {
    return definition_;
  }

  // Warnings about ignored members, each beginning with `FILE:LINE:COLUMN: `.
  const std::vector<std::string>& notes() const { return notes_; }

  // Where a message about the object or parameter `id` has its cause: at the
  // key that the message names in quotes, or else at the id. Absent if the file
  // does not have the id.
  std::optional<SourcePosition> PositionOf(const std::string& id,
                                           const std::string& message) const;

 private:
  DefinitionFile() = default;

  std::string path_;
  std::string text_;
  JsonSource source_;
  v1::GetPipelineDefinitionOutput definition_;
  std::vector<std::string> notes_;
};

// The text of a file that means `definition`: indented JSON in which each
// object has `id` and `name` first and its other keys in order, and a key of
// several fields is a list. Parameters and values are left out if there are
// none.
std::string DefinitionText(const v1::GetPipelineDefinitionOutput& definition);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_DEFINITION_FILE_H_
