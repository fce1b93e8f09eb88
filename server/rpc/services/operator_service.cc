#include "server/rpc/services/operator_service.h"

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/queries/proto_time.h"
#include "server/rpc/call/answer.h"
#include "server/rpc/services/group_message.h"
#include "server/rpc/services/group_watch.h"

namespace holdline {
namespace {

constexpr int kPageSizeDefault = 100;
constexpr absl::Duration kWatchIntervalDefault = absl::Seconds(1);

template <typename Request>
int PageSizeOf(const Request& request) {
  return request.has_page_size() ? request.page_size() : kPageSizeDefault;
}

void FillRunner(const RunnerView& view, v1::Runner* runner) {
  const RunnerRecord& record = view.record;
  runner->set_name(record.runner.name);
  if (!record.hostname.empty()) runner->set_hostname(record.hostname);
  if (!record.worker_group.empty()) {
    runner->set_worker_group(record.worker_group);
  }
  if (record.heartbeat_at != absl::InfinitePast()) {
    ToProto(record.heartbeat_at, runner->mutable_last_heartbeat_time());
  }
  if (view.seen_at != absl::InfinitePast()) {
    ToProto(view.seen_at, runner->mutable_last_seen_time());
  }
  runner->set_parked_calls(view.parked_calls);
  runner->set_leased_tasks(view.leased_tasks);
  runner->set_draining(record.draining);
}

// Answers with the one group, or runner, that was asked for.
ReplyCallback AnswerWithGroup(UnaryCall* call) {
  return OnAnswer<GroupsAnswer>(call, [call](const GroupsAnswer& answer) {
    v1::Group group;
    if (!answer.groups.empty()) FillGroup(answer.groups.front(), &group);
    call->Answer(group);
  });
}

ReplyCallback AnswerWithRunner(UnaryCall* call) {
  return OnAnswer<RunnersAnswer>(call, [call](const RunnersAnswer& answer) {
    v1::Runner runner;
    if (!answer.runners.empty()) FillRunner(answer.runners.front(), &runner);
    call->Answer(runner);
  });
}

}  // namespace

MethodTable::Handlers OperatorService::Handlers() {
  using Self = OperatorService;
  return {
      {"ListGroups", Bind(this, &Self::ListGroups)},
      {"GetGroup", Bind(this, &Self::GetGroup)},
      {"UpdateGroup", Bind(this, &Self::UpdateGroup)},
      {"ListRunners", Bind(this, &Self::ListRunners)},
      {"UpdateRunner", Bind(this, &Self::UpdateRunner)},
      {"WatchGroups", Bind(this, &Self::WatchGroups)},
  };
}

// The token of a page is the name after which the next one begins: pages stay
// right while groups and runners come and go.
void OperatorService::ListGroups(const v1::ListGroupsRequest& request,
                                 UnaryCall* call) {
  call->Ask(InspectGroups{call->account(),
                          {call->account(), request.page_token()},
                          PageSizeOf(request)},
            OnAnswer<GroupsAnswer>(call, [call](const GroupsAnswer& answer) {
              v1::ListGroupsResponse response;
              for (const GroupView& group : answer.groups) {
                FillGroup(group, response.add_groups());
              }
              if (answer.more && !answer.groups.empty()) {
                response.set_next_page_token(
                    answer.groups.back().settings.group.name);
              }
              call->Answer(response);
            }));
}

void OperatorService::GetGroup(const v1::GetGroupRequest& request,
                               UnaryCall* call) {
  call->Ask(InspectGroup{{call->account(), request.worker_group()}},
            AnswerWithGroup(call));
}

void OperatorService::UpdateGroup(const v1::UpdateGroupRequest& request,
                                  UnaryCall* call) {
  call->About(absl::StrCat("group ", request.worker_group()));
  ChangeGroup change{{call->account(), request.worker_group()}, {}, {}};
  if (request.has_paused()) change.paused = request.paused();
  if (request.has_draining()) change.draining = request.draining();
  call->Ask(std::move(change), AnswerWithGroup(call));
}

void OperatorService::WatchGroups(const v1::WatchGroupsRequest& request,
                                  StreamCall* call) {
  call->Begin(std::make_unique<GroupWatch>(call),
              request.has_interval_milliseconds()
                  ? absl::Milliseconds(request.interval_milliseconds())
                  : kWatchIntervalDefault);
}

void OperatorService::ListRunners(const v1::ListRunnersRequest& request,
                                  UnaryCall* call) {
  call->Ask(InspectRunners{call->account(), request.page_token(),
                           PageSizeOf(request)},
            OnAnswer<RunnersAnswer>(call, [call](const RunnersAnswer& answer) {
              v1::ListRunnersResponse response;
              for (const RunnerView& runner : answer.runners) {
                FillRunner(runner, response.add_runners());
              }
              if (answer.more && !answer.runners.empty()) {
                response.set_next_page_token(
                    answer.runners.back().record.runner.name);
              }
              call->Answer(response);
            }));
}

void OperatorService::UpdateRunner(const v1::UpdateRunnerRequest& request,
                                   UnaryCall* call) {
  call->About(absl::StrCat("runner ", request.name()));
  call->Ask(ChangeRunner{{call->account(), request.name()}, request.draining()},
            AnswerWithRunner(call));
}

}  // namespace holdline
