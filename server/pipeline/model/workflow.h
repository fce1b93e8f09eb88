// The workflow: an activated definition, compiled to its components, their
// dependencies, schedules, time-outs and retries.
//
// Parameters are substituted and fields inherited; expressions that need an
// instance are left.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_WORKFLOW_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_WORKFLOW_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/pipeline/calendar/schedule.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/definition/resolved_definition.h"
#include "server/pipeline/model/compiled_definition.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/record.h"

namespace holdline {

// Time-outs and retries of the instances of a component (DATAPIPELINE section
// 5.1). An infinite duration is no limit.
struct RunSettings {
  int retries = 2;
  absl::Duration retry_delay = absl::Minutes(10);
  absl::Duration attempt_timeout = absl::InfiniteDuration();
  absl::Duration progress_timeout = absl::Minutes(15);
  absl::Duration late_after = absl::InfiniteDuration();
  absl::Duration precondition_timeout = absl::InfiniteDuration();
  absl::Duration start_up_timeout = absl::InfiniteDuration();
  absl::Duration terminate_after = absl::InfiniteDuration();

  // The most instances that may be active at once.
  int active_max = 5;

  // Whether failureAndRerunMode is cascade.
  bool cascade = false;

  // For a resource: whether actionOnTaskFailure is terminate.
  bool ends_with_task = false;
};

// A component: an object that gets instances.
struct Component {
  ComponentNumber number{};
  const ResolvedObject* object = nullptr;

  // For each effective field, whether the type has a meaning for it.
  std::vector<bool> applies;

  RunSettings run;

  // Absent on demand, and for preconditions, which follow the guarded object.
  std::optional<Schedule> schedule;

  // The worker group of activities, and of preconditions that runners check;
  // empty if none is set.
  std::string worker_group;

  // The dependencies of the component, and its dependents (section 6.6).
  // Resources are in neither.
  std::vector<ComponentNumber> waits_for;
  std::vector<ComponentNumber> waited_for_by;

  // The preconditions of the component, and for a precondition the components
  // that it guards.
  std::vector<ComponentNumber> preconditions;
  std::vector<ComponentNumber> guards;

  // The resource of the component, and for a resource the components that run
  // on it.
  ComponentNumber resource = kNoComponent;
  std::vector<ComponentNumber> users;

  // The ids of the actions of the component.
  std::vector<std::string> on_success;
  std::vector<std::string> on_fail;
  std::vector<std::string> on_late;

  const std::string& id() const { return object->id; }
  ObjectFamily family() const { return object->family(); }
};

// The worker group of launchers, which start resources, and that of
// preconditions that the service checks (see RESOURCES.md and section 4.4).
inline constexpr absl::string_view kResourceGroup = "holdline.resources";
inline constexpr absl::string_view kPreconditionGroup =
    "holdline.preconditions";

// Immutable; may be read by several threads.
class Workflow {
 public:
  // Compiles a definition. Runnable objects without a number in `numbers` are
  // left out. `first_activation` is the start of schedules that begin with the
  // first activation.
  static std::shared_ptr<const Workflow> Make(ResolvedDefinition definition,
                                              const ComponentNumbers& numbers,
                                              absl::Time first_activation);

  // Return the component of a number or id; null if there is none.
  const Component* Find(ComponentNumber number) const;
  const Component* Find(absl::string_view id) const;

  // Components in the order of the definition.
  absl::Span<const Component> components() const { return components_; }

  const ResolvedDefinition& definition() const { return definition_; }

  // Whether all components run on demand, and how many such runs may be under
  // way at once (section 6.4).
  bool on_demand() const { return on_demand_; }
  int runs_max() const { return runs_max_; }

  // Returns the interval of a component that starts at `start`, if there is
  // one.
  static std::optional<Interval> IntervalFrom(const Component& component,
                                              absl::Time start);

  // Returns the starts of the intervals of `dependency` that overlap `interval`
  // (section 6.6), earliest first. On demand it is the start of the same run.
  std::vector<absl::Time> Overlapping(const Component& dependency,
                                      const Interval& interval) const;

  // Returns the first of these, if any.
  std::optional<absl::Time> FirstOverlapping(const Component& dependency,
                                             const Interval& interval) const;

 private:
  explicit Workflow(ResolvedDefinition definition)
      : definition_(std::move(definition)) {}

  void AddComponents(const ComponentNumbers& numbers,
                     absl::Time first_activation);
  std::optional<Schedule> BoundSchedule(const ResolvedObject& object,
                                        absl::Time first_activation) const;
  void Link();
  void LinkDependencies(Component& component);
  void Route(Component& component);
  Component* Mutable(absl::string_view id);

  const ResolvedDefinition definition_;
  std::vector<Component> components_;
  absl::flat_hash_map<std::string, size_t> by_id_;
  absl::flat_hash_map<ComponentNumber, size_t> by_number_;
  bool on_demand_ = false;
  int runs_max_ = 1;
};

// Returns when the instance for an interval is due: for a resource at its start
// (DATAPIPELINE section 2.6), for others by their schedule. REQUIRES: the
// component has a schedule.
absl::Time DueAt(const Component& component, const Interval& interval);

// Returns the numbers of components by their records.
ComponentNumbers NumbersOf(absl::Span<const ComponentRecord> components);

// Returns the known numbers and, after these, a new one for each runnable
// object of the definition that has none, in its order.
ComponentNumbers WithNumbersOf(const ResolvedDefinition& definition,
                               ComponentNumbers known);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_WORKFLOW_H_
