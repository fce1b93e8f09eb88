// The text form of runs, which are instances, for people.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_RUN_TEXT_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_RUN_TEXT_H_

#include <string>
#include <vector>

#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {

// Whether the status is final.
bool HasEnded(const std::string& status);

// Whether the run has ended unsuccessfully.
bool HasFailed(const std::string& status);

// The status of a run.
std::string StatusOf(const v1::PipelineObject& run);

// Puts runs in the order in which they are shown: by the start of their
// intervals, then by name.
void SortRuns(std::vector<v1::PipelineObject>& runs);

// A line for each run under the headings of the AWS CLI's list-runs
// (DATAPIPELINE section 14.3).
std::string RunTable(const std::vector<v1::PipelineObject>& runs);

// One line without a line feed: the change of a run from the status `before`,
// which is empty for a new one: `@Hello_2030-01-31T08:00:00 RUNNING -> FAILED:
// ExitCode, exit code 1`.
std::string RunSentence(const v1::PipelineObject& run,
                        const std::string& before);

// `ExitCode, exit code 1`: the error of a run or attempt or the reason why it
// was cancelled, in one line. Empty if there is none.
std::string ErrorText(const v1::PipelineObject& run);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_RUN_TEXT_H_
