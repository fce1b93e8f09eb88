// The worker groups that runs are offered to (DATAPIPELINE section 4.4).

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_ROUTE_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_ROUTE_H_

#include <optional>
#include <string>

#include "server/base/reach.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/definition/resolved_definition.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/run_fields.h"

namespace holdline {

// Returns the resource that the instance runs on, which need not exist yet;
// nothing if it runs on none, as resources and the preconditions that the
// service checks.
std::optional<InstanceKey> ResourceOf(const RunContext& context,
                                      const Instance& instance);

// Returns the worker group of the attempts of the instance; empty if none is
// known.
std::string WorkerGroupOf(const RunContext& context, const Instance& instance);

// Whether all worker groups that the instances of a definition can be offered
// to are in reach: those it names, and those that go with the types of its
// objects. The groups of its own resources are not checked.
bool IsInReach(const Definition& definition, const Reach& reach);
bool IsInReach(const ResolvedDefinition& definition, const Reach& reach);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_ROUTE_H_
