// The dependency graph of a definition's components (DATAPIPELINE section 6.6).

#ifndef HOLDLINE_SERVER_PIPELINE_DEFINITION_DEPENDENCIES_H_
#define HOLDLINE_SERVER_PIPELINE_DEFINITION_DEPENDENCIES_H_

#include <string>
#include <vector>

#include "server/pipeline/definition/resolved_definition.h"

namespace holdline {

// For each object of a definition, by its place there, the places of those that
// it depends on, each once and in rising order.
using DependencyGraph = std::vector<std::vector<int>>;

// Returns the dependencies through `dependsOn`, `input`, `output`, which is the
// other way around, and `precondition`. References to what does not exist are
// left out.
DependencyGraph DependenciesOf(const ResolvedDefinition& definition);

// Returns a cycle for each part of the graph that has one: places, each of
// which depends on the next and the last on the first. No place is in two of
// them.
std::vector<std::vector<int>> Cycles(const DependencyGraph& graph);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_DEFINITION_DEPENDENCIES_H_
