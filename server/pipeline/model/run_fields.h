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

// The pipeline and definition that an object belongs to. Owned by the caller.
struct RunContext {
  const PipelineRecord* pipeline = nullptr;

  // Of the version that it was made from.
  const Workflow* workflow = nullptr;
};

// As the wire writes them: `WAITING_FOR_RUNNER`, `SCHEDULED`, `HEALTHY`.
absl::string_view ToString(RunStatus status);
absl::string_view ToString(ComponentStatus status);
absl::string_view ToString(PipelineState state);
absl::string_view ToString(Health health);  // unknown is an empty text

// Returns the status that a text names, or nothing.
std::optional<RunStatus> ParseRunStatus(absl::string_view text);

// Returns the component's own fields, as uploaded, and what the service writes
// on it. `record` is null before its first activation, and for objects that get
// no instances; `active` are its live instances.
std::vector<Field> ComponentFields(const RunContext& context, int version,
                                   const ResolvedObject& object,
                                   const ComponentRecord* record,
                                   absl::Span<const InstanceKey> active);

// Returns the effective fields of an instance and what the service writes on
// it. References to data nodes and resources are to their instances.
std::vector<Field> InstanceFields(const RunContext& context,
                                  const Instance& instance);

// The fields of an instance that follow from its key: without its status, and
// without the other users of a data node or resource. So the payload of an
// attempt does not grow with those that share its input.
std::vector<Field> NeighbourFields(const RunContext& context,
                                   const Instance& outline);

// The same of one of its attempts.
std::vector<Field> AttemptFields(const RunContext& context,
                                 const Instance& instance,
                                 const Attempt& attempt);

// The instances that an instance refers to, whether they exist yet or not:
// inputs and outputs, the resource, and the object that a precondition guards.
std::vector<InstanceKey> Neighbours(const RunContext& context,
                                    const Instance& instance);

// The worker group that serves what runs on an instance of a resource (section
// 4.4).
std::string ResourceWorkerGroup(const RunContext& context,
                                const InstanceKey& resource);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_RUN_FIELDS_H_
