#include "client/command_line/pipelines/finding.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "boost/json/array.hpp"
#include "boost/json/object.hpp"
#include "boost/json/serialize.hpp"
#include "client/command_line/pipelines/pipeline_text.h"

namespace holdline::client {
namespace {

Finding Placed(bool is_error, const std::string& id, const std::string& message,
               const std::vector<DefinitionFile>& files) {
  Finding finding = {.is_error = is_error,
                     .id = id,
                     .message = message,
                     .file = files.front().path(),
                     .position = std::nullopt};
  for (const DefinitionFile& file : files) {
    finding.position = file.PositionOf(id, message);
    if (!finding.position.has_value()) continue;
    finding.file = file.path();
    break;
  }
  return finding;
}

// What to sort by; what has no place comes last.
std::tuple<bool, int, int> Order(const Finding& finding) {
  const SourcePosition position = finding.position.value_or(SourcePosition{});
  return {!finding.position.has_value(), position.line, position.column};
}

const char* Severity(const Finding& finding) {
  return finding.is_error ? "error" : "warning";
}

size_t Errors(const std::vector<Finding>& findings) {
  return static_cast<size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [](const Finding& finding) { return finding.is_error; }));
}

}  // namespace

std::vector<Finding> FindingsOf(const v1::PutPipelineDefinitionOutput& answer,
                                const std::vector<DefinitionFile>& files) {
  std::vector<Finding> findings;
  for (const v1::ValidationError& object : answer.validation_errors()) {
    for (const std::string& message : object.errors()) {
      findings.push_back(Placed(true, object.id(), message, files));
    }
  }
  for (const v1::ValidationWarning& object : answer.validation_warnings()) {
    for (const std::string& message : object.warnings()) {
      findings.push_back(Placed(false, object.id(), message, files));
    }
  }
  std::stable_sort(
      findings.begin(), findings.end(),
      [](const Finding& a, const Finding& b) { return Order(a) < Order(b); });
  return findings;
}

std::string FindingsText(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    absl::StrAppend(&text, finding.file);
    if (finding.position.has_value()) {
      absl::StrAppend(&text, ":", finding.position->line, ":",
                      finding.position->column);
    }
    absl::StrAppend(&text, ": ", Severity(finding), ": ",
                    finding.id.empty() ? "" : absl::StrCat(finding.id, ": "),
                    finding.message, "\n");
  }
  return text;
}

std::string FindingsCount(const std::vector<Finding>& findings) {
  const size_t errors = Errors(findings);
  return absl::StrCat(CountText(errors, "error"), ", ",
                      CountText(findings.size() - errors, "warning"));
}

std::string FindingsJson(bool errored, const std::vector<Finding>& findings) {
  boost::json::array list;
  for (const Finding& finding : findings) {
    boost::json::object object = {{"severity", Severity(finding)},
                                  {"id", finding.id},
                                  {"message", finding.message},
                                  {"file", finding.file}};
    if (finding.position.has_value()) {
      object["line"] = finding.position->line;
      object["column"] = finding.position->column;
    }
    list.push_back(std::move(object));
  }
  const boost::json::object whole = {{"errored", errored},
                                     {"findings", std::move(list)}};
  return boost::json::serialize(whole);
}

}  // namespace holdline::client
