#include "client/command_line/pipelines/pipeline_text.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/command_line/pipelines/object_fields.h"
#include "client/command_line/verb/table.h"

namespace holdline::client {
namespace {

std::string TagsText(const v1::PipelineDescription& pipeline) {
  return absl::StrJoin(pipeline.tags(), ", ",
                       [](std::string* out, const v1::Tag& tag) {
                         absl::StrAppend(out, tag.key(), "=", tag.value());
                       });
}

}  // namespace

std::string PipelineText(const v1::PipelineDescription& pipeline) {
  // What the headline says, or the members beside the fields.
  static const std::set<std::string>& shown = *new std::set<std::string>{
      "@id", "@pipelineState", "@sphere", "*tags", "description", "name"};
  Table table({"", ""});
  if (!pipeline.description().empty()) {
    table.Add({"description", pipeline.description()});
  }
  if (!pipeline.tags().empty()) table.Add({"tags", TagsText(pipeline)});
  for (const v1::Field& field : pipeline.fields()) {
    if (shown.count(field.key()) > 0) continue;
    table.Add({field.key(), field.has_ref_value() ? field.ref_value()
                                                  : field.string_value()});
  }
  return absl::StrCat(pipeline.pipeline_id(), " ",
                      ValueOf(pipeline.fields(), "@pipelineState"), ": ",
                      pipeline.name(), "\n", table.Text("  "));
}

std::string PipelineTable(
    const std::vector<v1::PipelineDescription>& pipelines) {
  Table table({"ID", "STATE", "HEALTH", "LATEST RUN", "NEXT RUN", "NAME"});
  for (const v1::PipelineDescription& pipeline : pipelines) {
    table.Add({pipeline.pipeline_id(),
               ValueOf(pipeline.fields(), "@pipelineState"),
               ValueOf(pipeline.fields(), "@healthStatus"),
               ValueOf(pipeline.fields(), "@latestRunTime"),
               ValueOf(pipeline.fields(), "@nextRunTime"), pipeline.name()});
  }
  return table.Text();
}

std::string PipelineObjectText(const v1::PipelineObject& object) {
  const std::string name =
      object.name() == object.id() ? "" : absl::StrCat(": ", object.name());
  return absl::StrCat(object.id(), name, "\n",
                      FieldsText(object.fields(), "  "));
}

std::string CountText(size_t count, const std::string& noun) {
  return absl::StrCat(count, " ", noun, count == 1 ? "" : "s");
}

}  // namespace holdline::client
