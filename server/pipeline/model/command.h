// Commands to the planner.
//
// Most commands name a pipeline by its public id; one that the account does not
// have is answered with NoSuchPipeline, one that was deleted with
// PipelineWasDeleted (see pipeline_error.h). A refused command changes nothing.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_COMMAND_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_COMMAND_H_

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/base/reach.h"
#include "server/broker/ids.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/compiled_definition.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/record.h"
#include "server/pipeline/validation/validation_report.h"

namespace holdline {

// Creates an empty pipeline, or finds the one of the same name and unique id
// (DATAPIPELINE section 3.1). Answered with PipelineCreated, or
// INVALID_ARGUMENT if the account has too many.
struct CreatePipeline {
  AccountId account;
  std::string creator;

  // The public id that it gets if it is new: chance is an argument.
  std::string new_id;

  std::string name;
  std::string unique_id;
  std::string description;
  std::vector<Tag> tags;  // keys are distinct
};

// Replaces the definition (section 3.2). Answered with DefinitionChecked, or
// INVALID_ARGUMENT if it cannot be saved.
struct PutDefinition {
  AccountId account;
  std::string pipeline_id;
  SharedDefinition definition;

  // A pipeline that names other worker groups is as if it were not there.
  Reach reach = {};
};

// Starts to run the saved definition (section 3.5). Answered with PipelineDone,
// INVALID_ARGUMENT, or PERMISSION_DENIED (AccessDenied) if with the values the
// definition names a worker group that is out of reach.
struct ActivatePipeline {
  AccountId account;
  std::string pipeline_id;
  std::vector<ParameterValue> values;
  std::optional<absl::Time> start;

  // A pipeline that names other worker groups is as if it were not there.
  Reach reach = {};
};

// Stops it (section 3.6). Answered with PipelineDone or INVALID_ARGUMENT.
struct DeactivatePipeline {
  AccountId account;
  std::string pipeline_id;
  bool cancel_active = true;

  // A pipeline that names other worker groups is as if it were not there.
  Reach reach = {};
};

// Deletes it (section 3.7). Answered with PipelineDone.
struct DeletePipeline {
  AccountId account;
  std::string pipeline_id;

  // A pipeline that names other worker groups is as if it were not there.
  Reach reach = {};
};

enum class ObjectChange { kPause, kResume, kTryCancel, kRerun, kMarkFinished };

// Pauses, resumes, cancels, reruns or finishes components or instances (section
// 3.13). Answered with PipelineDone or INVALID_ARGUMENT.
struct ChangeObjects {
  AccountId account;
  std::string pipeline_id;
  std::vector<std::string> object_ids;
  ObjectChange change{};

  // A pipeline that names other worker groups is as if it were not there.
  Reach reach = {};
};

// Adds and removes tags (sections 3.18 and 3.19). Answered with PipelineDone or
// INVALID_ARGUMENT.
struct ChangeTags {
  AccountId account;
  std::string pipeline_id;
  std::vector<Tag> added;
  std::vector<std::string> removed;

  // A pipeline that names other worker groups is as if it were not there.
  Reach reach = {};
};

// The result of an attempt to deliver a notification. No-op if it is unknown.
// Answered with PipelineDone.
struct DeliveryEnded {
  NotificationNumber number{};
  bool delivered = false;

  // If it was not: when to retry; infinite future gives up.
  absl::Time retry_at;
};

// Asks for counts by state. Answered with PipelineCensus, in constant time but
// for components that are behind.
struct CountPipelines {};

// The result of judging the draft of a definition (see draft.h): what the
// planner decides a PutDefinition or an ActivatePipeline by, which is answered
// then. No answer of its own.
struct DraftJudged {
  PipelineNumber pipeline{};

  // The call with which the draft came.
  CallId call{};

  // Whether it is to be activated, or saved only; and where its work is to
  // start, infinite past if that stays as it was.
  bool is_activation = false;
  absl::Time start = absl::InfinitePast();

  // Why it must not be.
  absl::Status refusal;

  // Of one that is to be saved.
  ValidationReport report;

  // With the values of the activation, which may be others than the saved ones.
  SharedDefinition definition;
  bool has_new_values = false;

  // Of an activation.
  CompiledDefinition compiled;
};

using PipelineCommand =
    std::variant<CreatePipeline, PutDefinition, ActivatePipeline,
                 DeactivatePipeline, DeletePipeline, ChangeObjects, ChangeTags,
                 DeliveryEnded, CountPipelines, DraftJudged>;

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_COMMAND_H_
