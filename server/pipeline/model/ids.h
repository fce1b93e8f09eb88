// Internal ids of pipelines, components, instances and attempts. Public ids are
// in `object_id.h`.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_IDS_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_IDS_H_

#include <compare>
#include <cstdint>
#include <utility>

#include "absl/time/time.h"

namespace holdline {

// A pipeline, from its creation on. Rises with each; never reused.
enum class PipelineNumber : uint64_t {};

// A component of one pipeline that gets instances, by the order in which
// activations brought them. Never reused within the pipeline; from 1.
enum class ComponentNumber : uint32_t {};

inline constexpr ComponentNumber kNoComponent{0};

// A message to be delivered. Rises with each; never reused.
enum class NotificationNumber : uint64_t {};

// One component bound to one interval of its schedule.
struct InstanceKey {
  PipelineNumber pipeline{};

  // When the interval starts.
  absl::Time start;

  ComponentNumber component{};

  // Of a precondition, the component that it guards; otherwise none. One
  // precondition that guards several components has an instance for each
  // (DATAPIPELINE section 7).
  ComponentNumber owner = kNoComponent;

  // By pipeline, start, component and owner. (Abseil's times have no `<=>`.)
  friend std::strong_ordering operator<=>(const InstanceKey&,
                                          const InstanceKey&) = default;

  template <typename H>
  friend H AbslHashValue(H state, const InstanceKey& key) {
    return H::combine(std::move(state), key.pipeline, key.start, key.component,
                      key.owner);
  }
};

// One attempt at an instance; `number` is from 1.
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
