// Commands to the engine and its replies: the union of the broker's and the
// planner's.

#ifndef HOLDLINE_SERVER_ENGINE_COMMAND_H_
#define HOLDLINE_SERVER_ENGINE_COMMAND_H_

#include <functional>
#include <variant>

#include "absl/status/status.h"
#include "server/broker/command.h"
#include "server/broker/ids.h"
#include "server/broker/reply.h"
#include "server/pipeline/model/command.h"
#include "server/pipeline/model/reply.h"

namespace holdline {

using CommandBody = std::variant<TaskCommand, PipelineCommand>;

// Every kind of TaskReply and of PipelineReply, or the error of either.
using ReplyBody =
    std::variant<PollAnswer, ReportAnswer, EndAnswer, HeartbeatAnswer,
                 SubmitAnswer, TaskAnswer, GroupsAnswer, GroupChangesAnswer,
                 RunnersAnswer, Done, PipelineCreated, DefinitionChecked,
                 PipelineDone, PipelineCensus, absl::Status>;

struct Reply {
  CallId call{};
  ReplyBody body;
};

// Called once with the answer to a command, on the loop's thread. Must not
// block.
using ReplyCallback = std::function<void(ReplyBody)>;

struct Command {
  CallId call{};

  // The account of the caller; empty if the server itself sends the command.
  AccountId account;

  CommandBody body;

  // Empty for a command that is not answered.
  ReplyCallback reply;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_COMMAND_H_
