// Errors and warnings of a definition, with their positions in its file.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_FINDING_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_FINDING_H_

#include <optional>
#include <string>
#include <vector>

#include "client/command_line/pipelines/definition_file.h"
#include "client/command_line/pipelines/json_source.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {

struct Finding {
  bool is_error = false;

  // The object or parameter, and what is said of it.
  std::string id;
  std::string message;

  // The file that has it, or the first if none does; then without a position.
  std::string file;
  std::optional<SourcePosition> position;
};

// One for each error and warning of the answer, in the order of their places in
// the files. REQUIRES: there is a file.
std::vector<Finding> FindingsOf(const v1::PutPipelineDefinitionOutput& answer,
                                const std::vector<DefinitionFile>& files);

// A line for each, as compilers write them:
// `hello.json:12:7: error: Hourly: INVALID_FIELD_VALUE: 'period' ...`.
std::string FindingsText(const std::vector<Finding>& findings);

// `2 errors, 1 warning`.
std::string FindingsCount(const std::vector<Finding>& findings);

// One line of JSON, without the line feed; `errored` is the answer's:
// {"errored": true, "findings": [{"severity": "error", "id": "Hourly",
// "message": "...", "file": "hello.json", "line": 12, "column": 7}]}
std::string FindingsJson(bool errored, const std::vector<Finding>& findings);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_FINDING_H_
