// The allowed state transitions of pipelines, components and instances
// (DATAPIPELINE sections 2.2 to 2.7).
//
// The ledger checks each change against these tables, and the pictures in the
// pages are drawn from them. Staying in a state is always allowed, and not in
// the tables. All data here has static lifetime.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_TRANSITIONS_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_TRANSITIONS_H_

#include <algorithm>
#include <optional>
#include <type_traits>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/pipeline/definition/object_type.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/record.h"

namespace holdline {

template <typename State>
struct Transition {
  // Absent for the initial state.
  std::optional<State> from;
  State to;

  // The label in the pictures.
  absl::string_view cause;

  // Whether it happens only on a user's request, named by `cause`. The pictures
  // leave these out and list them below.
  bool is_intervention = false;
};

// The transitions of pipelines. Deletion is always allowed, and not in the
// table.
absl::Span<const Transition<PipelineState>> PipelineTransitions();

// The transitions of components. A component without a record is kPending.
absl::Span<const Transition<ComponentStatus>> ComponentTransitions();

// The transitions of the instances of a family. REQUIRES: IsRunnable(family).
absl::Span<const Transition<RunStatus>> RunTransitions(ObjectFamily family);

template <typename State>
bool Allows(absl::Span<const Transition<State>> table,
            std::optional<std::type_identity_t<State>> from, State to) {
  return from == to ||
         std::any_of(table.begin(), table.end(), [&](const auto& row) {
           return row.from == from && row.to == to;
         });
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_TRANSITIONS_H_
