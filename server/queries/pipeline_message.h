// Conversion of definitions and validation reports between protobuf messages
// and our own types.
//
// Text and order are preserved (DATAPIPELINE section 3.2).

#ifndef HOLDLINE_SERVER_QUERIES_PIPELINE_MESSAGE_H_
#define HOLDLINE_SERVER_QUERIES_PIPELINE_MESSAGE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/repeated_field.h"
#include "holdline/v1/data_pipeline.pb.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/record.h"
#include "server/pipeline/validation/validation_report.h"

namespace holdline {

// Returns the definition in a request. A field without a value gets an empty
// one, which validation refuses.
//
// INVALID_ARGUMENT: a field has both of its values (section 12.2).
absl::StatusOr<Definition> DefinitionOf(
    const v1::PutPipelineDefinitionInput& input);
absl::StatusOr<Definition> DefinitionOf(
    const v1::ValidatePipelineDefinitionInput& input);

std::vector<ParameterValue> FromProto(
    const google::protobuf::RepeatedPtrField<v1::ParameterValue>& values);

// Of two tags with one key the last counts, in the place of the first (section
// 3.18).
std::vector<Tag> FromProto(
    const google::protobuf::RepeatedPtrField<v1::Tag>& tags);

// Each fills a message, which must be empty.
void ToProto(const Field& field, v1::Field* message);
void ToProto(const PipelineObject& object, v1::PipelineObject* message);
void ToProto(const Tag& tag, v1::Tag* message);
void ToProto(const Definition& definition,
             v1::GetPipelineDefinitionOutput* message);

// Fatal errors are errors, too, and come first (section 3.3).
void ToProto(const ValidationReport& report,
             v1::PutPipelineDefinitionOutput* message);
void ToProto(const ValidationReport& report,
             v1::ValidatePipelineDefinitionOutput* message);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_PIPELINE_MESSAGE_H_
