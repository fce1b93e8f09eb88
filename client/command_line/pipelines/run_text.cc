#include "client/command_line/pipelines/run_text.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "client/command_line/pipelines/object_fields.h"
#include "client/command_line/verb/table.h"

namespace holdline::client {

bool HasEnded(const std::string& status) {
  return status == "FINISHED" || status == "SKIPPED" || HasFailed(status);
}

bool HasFailed(const std::string& status) {
  return status == "FAILED" || status == "CASCADE_FAILED" ||
         status == "CANCELED" || status == "TIMEDOUT";
}

std::string StatusOf(const v1::PipelineObject& run) {
  return ValueOf(run.fields(), "@status");
}

void SortRuns(std::vector<v1::PipelineObject>& runs) {
  std::sort(runs.begin(), runs.end(),
            [](const v1::PipelineObject& a, const v1::PipelineObject& b) {
              return std::tuple(ValueOf(a.fields(), "@scheduledStartTime"),
                                a.name()) <
                     std::tuple(ValueOf(b.fields(), "@scheduledStartTime"),
                                b.name());
            });
}

std::string RunTable(const std::vector<v1::PipelineObject>& runs) {
  Table table({"NAME", "SCHEDULED START", "STATUS", "ID", "STARTED", "ENDED"});
  for (const v1::PipelineObject& run : runs) {
    table.Add({ValueOf(run.fields(), "@componentParent"),
               ValueOf(run.fields(), "@scheduledStartTime"), StatusOf(run),
               run.id(), ValueOf(run.fields(), "@actualStartTime"),
               ValueOf(run.fields(), "@actualEndTime")});
  }
  return table.Text();
}

std::string RunSentence(const v1::PipelineObject& run,
                        const std::string& before) {
  const std::string error =
      HasFailed(StatusOf(run)) ? ErrorText(run) : std::string();
  return absl::StrCat(run.id(), " ", before, before.empty() ? "" : " -> ",
                      StatusOf(run), error.empty() ? "" : ": ", error);
}

std::string ErrorText(const v1::PipelineObject& run) {
  const Fields& fields = run.fields();
  const std::string reason = ValueOf(fields, "cancellationReason");
  if (!reason.empty()) return reason;
  const std::string id = ValueOf(fields, "errorId");
  const std::string message = ValueOf(fields, "errorMessage");
  const std::string first_line = message.substr(0, message.find('\n'));
  return absl::StrCat(id, !id.empty() && !first_line.empty() ? ", " : "",
                      first_line);
}

}  // namespace holdline::client
