// The dependency graph of a definition's components (DATAPIPELINE section 6.6).

#ifndef HOLDLINE_SERVER_PIPELINE_DEFINITION_DEPENDENCIES_H_
#define HOLDLINE_SERVER_PIPELINE_DEFINITION_DEPENDENCIES_H_

#include <string>
#include <vector>

#include "server/pipeline/definition/resolved_definition.h"

namespace holdline {

// For each object of a definition, by position, the positions of the objects
// that it depends on, each once and in ascending order.
using DependencyGraph = std::vector<std::vector<int>>;

// Returns the dependencies by `dependsOn`, `input`, `output` (reversed), and
// `precondition`. References to unknown objects are left out.
DependencyGraph DependenciesOf(const ResolvedDefinition& definition);

// Returns one cycle for each part of the graph that has any: positions, each of
// which depends on the next and the last on the first. Cycles do not overlap.
std::vector<std::vector<int>> Cycles(const DependencyGraph& graph);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_DEFINITION_DEPENDENCIES_H_
