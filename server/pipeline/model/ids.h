// Internal ids of pipelines, components, instances and attempts. Public ids are
// in `object_id.h`.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_IDS_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_IDS_H_

#include <compare>
#include <cstdint>
#include <utility>

#include "absl/time/time.h"

namespace holdline {

// The number of a pipeline. Rises with each creation; never reused.
enum class PipelineNumber : uint64_t {};

// The number of a component in its pipeline, from 1, in the order in which
// activations added the components. Never reused within the pipeline.
enum class ComponentNumber : uint32_t {};

inline constexpr ComponentNumber kNoComponent{0};

// The number of a notification. Rises with each; never reused.
enum class NotificationNumber : uint64_t {};

// The key of an instance: one component and one interval of its schedule.
struct InstanceKey {
  PipelineNumber pipeline{};

  // The start of the interval.
  absl::Time start;

  ComponentNumber component{};

  // For a precondition, the component that it guards; kNoComponent for others.
  // A precondition that guards several components has an instance for each
  // (DATAPIPELINE section 7).
  ComponentNumber owner = kNoComponent;

  // Order: by pipeline, start, component and owner. (Abseil's times have no
  // `<=>`.)
  friend std::strong_ordering operator<=>(const InstanceKey&,
                                          const InstanceKey&) = default;

  template <typename H>
  friend H AbslHashValue(H state, const InstanceKey& key) {
    return H::combine(std::move(state), key.pipeline, key.start, key.component,
                      key.owner);
  }
};

// The key of an attempt at an instance; `number` is from 1.
struct AttemptKey {
  InstanceKey instance;
  int number = 1;

  friend auto operator<=>(const AttemptKey&, const AttemptKey&) = default;

  template <typename H>
  friend H AbslHashValue(H state, const AttemptKey& key) {
    return H::combine(std::move(state), key.instance, key.number);
  }
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_IDS_H_
