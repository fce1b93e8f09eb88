// The fields of components, instances and attempts as the API shows them
// (DATAPIPELINE section 10). Expressions are left as they are; evaluation.h
// evaluates them.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_RUN_FIELDS_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_RUN_FIELDS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/record.h"
#include "server/pipeline/model/workflow.h"

namespace holdline {

// The pipeline and the definition of an object. Owned by the caller.
struct RunContext {
  const PipelineRecord* pipeline = nullptr;

  // The workflow of the version that the object was made from.
  const Workflow* workflow = nullptr;
};

// Return the names of the API: `WAITING_FOR_RUNNER`, `SCHEDULED`, `HEALTHY`.
absl::string_view ToString(RunStatus status);
absl::string_view ToString(ComponentStatus status);
absl::string_view ToString(PipelineState state);
absl::string_view ToString(Health health);  // unknown is an empty text

// Returns the status that a text names, or nothing.
std::optional<RunStatus> ParseRunStatus(absl::string_view text);

// Returns the own fields of a component as uploaded, and the runtime fields.
// `record` is null before its first activation, and for objects without
// instances; `active` are its live instances.
std::vector<Field> ComponentFields(const RunContext& context, int version,
                                   const ResolvedObject& object,
                                   const ComponentRecord* record,
                                   absl::Span<const InstanceKey> active);

// Returns the effective fields of an instance and its runtime fields.
// References to data nodes and resources are to their instances.
std::vector<Field> InstanceFields(const RunContext& context,
                                  const Instance& instance);

// Returns the fields of an instance that follow from its key: without status,
// and without the other users of a data node or resource. So the payload of an
// attempt does not grow with the number of activities that share an input.
std::vector<Field> NeighbourFields(const RunContext& context,
                                   const Instance& outline);

// Returns the fields of an attempt likewise.
std::vector<Field> AttemptFields(const RunContext& context,
                                 const Instance& instance,
                                 const Attempt& attempt);

// Returns the instances that an instance refers to, which need not exist yet:
// inputs and outputs, the resource, and the guarded object of a precondition.
std::vector<InstanceKey> Neighbours(const RunContext& context,
                                    const Instance& instance);

// Returns the worker group for what runs on an instance of a resource (section
// 4.4).
std::string ResourceWorkerGroup(const RunContext& context,
                                const InstanceKey& resource);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_RUN_FIELDS_H_
