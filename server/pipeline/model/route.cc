#include "server/pipeline/model/route.h"

#include "absl/algorithm/container.h"
#include "absl/time/time.h"
#include "server/pipeline/model/workflow.h"

namespace holdline {
namespace {

bool IsSystemManaged(const ResolvedObject& object) {
  return object.type != nullptr && object.type->system_managed;
}

// The component whose route the instance takes: for a precondition, the guarded
// one. Null if there is none.
const Component* Routed(const RunContext& context, const Instance& instance) {
  const Component* component = context.workflow->Find(instance.key.component);
  if (component == nullptr ||
      component->family() != ObjectFamily::kPrecondition) {
    return component;
  }
  return context.workflow->Find(instance.key.owner);
}

// The worker group that serves all objects of the type, in all accounts; empty
// if there is none.
absl::string_view GroupOfKind(const ResolvedObject& object) {
  if (object.family() == ObjectFamily::kResource) return kResourceGroup;
  if (object.family() == ObjectFamily::kPrecondition &&
      IsSystemManaged(object)) {
    return kPreconditionGroup;
  }
  return "";
}

}  // namespace

std::optional<InstanceKey> ResourceOf(const RunContext& context,
                                      const Instance& instance) {
  const Component* component = context.workflow->Find(instance.key.component);
  const Component* user = Routed(context, instance);
  if (user == nullptr || !GroupOfKind(*component->object).empty() ||
      user->resource == kNoComponent) {
    return std::nullopt;
  }
  const Component* resource = context.workflow->Find(user->resource);
  if (resource == nullptr) return std::nullopt;
  const std::optional<absl::Time> start = context.workflow->FirstOverlapping(
      *resource, {instance.key.start, instance.end});
  if (!start.has_value()) return std::nullopt;
  return InstanceKey{instance.key.pipeline, *start, user->resource};
}

std::string WorkerGroupOf(const RunContext& context, const Instance& instance) {
  const Component* component = context.workflow->Find(instance.key.component);
  const Component* routed = Routed(context, instance);
  if (routed == nullptr) return "";
  const absl::string_view group = GroupOfKind(*component->object);
  if (!group.empty()) return std::string(group);
  if (routed->resource == kNoComponent) return routed->worker_group;
  const std::optional<InstanceKey> resource = ResourceOf(context, instance);
  return resource.has_value() ? ResourceWorkerGroup(context, *resource) : "";
}

bool IsInReach(const Definition& definition, const Reach& reach) {
  return reach == nullptr ||
         IsInReach(ResolvedDefinition::Resolve(definition), reach);
}

bool IsInReach(const ResolvedDefinition& definition, const Reach& reach) {
  return absl::c_all_of(definition.objects(), [&](const ResolvedObject& of) {
    const absl::string_view group_of_kind = GroupOfKind(of);
    return (group_of_kind.empty() || Reaches(reach, group_of_kind)) &&
           absl::c_all_of(
               of.Values("workerGroup"),
               [&](const std::string& group) { return Reaches(reach, group); });
  });
}

}  // namespace holdline
