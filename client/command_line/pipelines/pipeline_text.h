// The text form of pipelines and their objects, for people.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_PIPELINE_TEXT_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_PIPELINE_TEXT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {

// All there is to know about a pipeline, in several lines.
std::string PipelineText(const v1::PipelineDescription& pipeline);

// A line for each pipeline, under headings.
std::string PipelineTable(
    const std::vector<v1::PipelineDescription>& pipelines);

// All there is to know about an object, in several lines.
std::string PipelineObjectText(const v1::PipelineObject& object);

// `1 error`, `2 errors`.
std::string CountText(size_t count, const std::string& noun);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_PIPELINE_TEXT_H_
