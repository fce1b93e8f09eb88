// An activated definition as it is run: which component waits for which, when
// each is due, how often it is tried.
//
// Everything is literal here: parameters are substituted and fields inherited.

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

// How a component's instances are tried (DATAPIPELINE section 5.1). Infinite is
// no limit.
struct RunSettings {
  int retries = 2;
  absl::Duration retry_delay = absl::Minutes(10);
  absl::Duration attempt_timeout = absl::InfiniteDuration();
  absl::Duration progress_timeout = absl::Minutes(15);
  absl::Duration late_after = absl::InfiniteDuration();
  absl::Duration precondition_timeout = absl::InfiniteDuration();
  absl::Duration start_up_timeout = absl::InfiniteDuration();
  absl::Duration terminate_after = absl::InfiniteDuration();

  // How many instances may be active at once.
  int active_max = 5;

  // failureAndRerunMode is cascade.
  bool cascade = false;

  // Of a resource: actionOnTaskFailure is terminate.
  bool ends_with_task = false;
};

// An object that gets instances.
struct Component {
  ComponentNumber number{};
  const ResolvedObject* object = nullptr;

  // Of each of its effective fields, whether its type has a meaning for it.
  std::vector<bool> applies;

  RunSettings run;

  // Absent if it is run on demand, and of preconditions, which follow what they
  // guard.
  std::optional<Schedule> schedule;

  // Where its attempts are offered, for activities and what runners check;
  // empty if nowhere.
  std::string worker_group;

  // The components that must have finished before it, and the reverse (section
  // 6.6). Resources are not among them.
  std::vector<ComponentNumber> waits_for;
  std::vector<ComponentNumber> waited_for_by;

  // Its preconditions, and for a precondition the objects that it guards.
  std::vector<ComponentNumber> preconditions;
  std::vector<ComponentNumber> guards;

  // Its resource, and for a resource the activities that run on it.
  ComponentNumber resource = kNoComponent;
  std::vector<ComponentNumber> users;

  // The ids of its actions.
  std::vector<std::string> on_success;
  std::vector<std::string> on_fail;
  std::vector<std::string> on_late;

  const std::string& id() const { return object->id; }
  ObjectFamily family() const { return object->family(); }
};

// The worker group of the resources themselves, for whoever launches them, and
// that of the preconditions which the service checks (see RESOURCES.md and
// section 4.4).
inline constexpr absl::string_view kResourceGroup = "holdline.resources";
inline constexpr absl::string_view kPreconditionGroup =
    "holdline.preconditions";

// Not changed after it was made.
class Workflow {
 public:
  // `numbers` has the number of each runnable object; those without one are
  // left out. `first_activation` binds schedules that begin with it.
  static std::shared_ptr<const Workflow> Make(ResolvedDefinition definition,
                                              const ComponentNumbers& numbers,
                                              absl::Time first_activation);

  // Null if there is none.
  const Component* Find(ComponentNumber number) const;
  const Component* Find(absl::string_view id) const;

  // In the order of the definition.
  absl::Span<const Component> components() const { return components_; }

  const ResolvedDefinition& definition() const { return definition_; }

  // Whether everything is run on demand, and how many runs may go on at once
  // (section 6.4).
  bool on_demand() const { return on_demand_; }
  int runs_max() const { return runs_max_; }

  // Returns the interval of a component that starts then, if it has one.
  static std::optional<Interval> IntervalFrom(const Component& component,
                                              absl::Time start);

  // Returns the starts of the intervals of `dependency` that an instance with
  // this interval has to do with (section 6.6), earliest first. On demand it is
  // the same run.
  std::vector<absl::Time> Overlapping(const Component& dependency,
                                      const Interval& interval) const;

  // The first of these, if there are any.
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

// Returns when the instance for an interval is due: that of a resource at its
// start (DATAPIPELINE section 2.6), others as their schedule says. REQUIRES:
// the component has a schedule.
absl::Time DueAt(const Component& component, const Interval& interval);

// Returns the numbers of components by their records.
ComponentNumbers NumbersOf(absl::Span<const ComponentRecord> components);

// Returns the numbers that are known and, after these, a further one for each
// runnable object of a definition that has none, in its order.
ComponentNumbers WithNumbersOf(const ResolvedDefinition& definition,
                               ComponentNumbers known);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_WORKFLOW_H_
