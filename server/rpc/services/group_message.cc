#include "server/rpc/services/group_message.h"

#include "absl/time/time.h"
#include "server/queries/proto_time.h"

namespace holdline {

void FillGroup(const GroupView& view, v1::Group* group) {
  group->set_worker_group(view.settings.group.name);
  group->set_ready_tasks(view.ready_tasks);
  group->set_delayed_tasks(view.delayed_tasks);
  group->set_leased_tasks(view.leased_tasks);
  if (view.oldest_ready_at != absl::InfiniteFuture()) {
    ToProto(view.oldest_ready_at, group->mutable_oldest_ready_time());
  }
  group->set_parked_calls(view.parked_calls);
  group->set_resting_calls(view.resting_calls);
  group->set_paused(view.settings.paused);
  group->set_draining(view.settings.draining);
}

}  // namespace holdline
