// A definition compiled to a workflow, and the numbers of its components.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_COMPILED_DEFINITION_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_COMPILED_DEFINITION_H_

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "server/pipeline/model/ids.h"

namespace holdline {

class Workflow;

// The numbers of components by their ids.
using ComponentNumbers = absl::flat_hash_map<std::string, ComponentNumber>;

// May be read by several threads.
struct CompiledDefinition {
  std::shared_ptr<const Workflow> workflow;

  // The numbers that `workflow` was compiled with.
  std::shared_ptr<const ComponentNumbers> numbers;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_COMPILED_DEFINITION_H_
