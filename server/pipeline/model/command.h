// Commands to the planner.
//
// Most commands name a pipeline by its public id. The answer is NoSuchPipeline
// if the account has none of that id, PipelineWasDeleted if it was deleted (see
// error.h). A refused command changes nothing.

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

  // The public id of the pipeline if it is new: the planner makes no random
  // ids.
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

  // A pipeline that names worker groups outside of this is not found.
  Reach reach = {};
};

// Activates the saved definition (section 3.5). Answered with PipelineDone,
// INVALID_ARGUMENT, or PERMISSION_DENIED (AccessDenied) if the definition, with
// the values substituted, names a worker group that is out of reach.
struct ActivatePipeline {
  AccountId account;
  std::string pipeline_id;
  std::vector<ParameterValue> values;
  std::optional<absl::Time> start;

  // A pipeline that names worker groups outside of this is not found.
  Reach reach = {};
};

// Deactivates a pipeline (section 3.6). Answered with PipelineDone or
// INVALID_ARGUMENT.
struct DeactivatePipeline {
  AccountId account;
  std::string pipeline_id;
  bool cancel_active = true;

  // A pipeline that names worker groups outside of this is not found.
  Reach reach = {};
};

// Deletes a pipeline (section 3.7). Answered with PipelineDone.
struct DeletePipeline {
  AccountId account;
  std::string pipeline_id;

  // A pipeline that names worker groups outside of this is not found.
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

  // A pipeline that names worker groups outside of this is not found.
  Reach reach = {};
};

// Adds and removes tags of a pipeline (sections 3.18 and 3.19). Answered with
// PipelineDone or INVALID_ARGUMENT.
struct ChangeTags {
  AccountId account;
  std::string pipeline_id;
  std::vector<Tag> added;
  std::vector<std::string> removed;

  // A pipeline that names worker groups outside of this is not found.
  Reach reach = {};
};

// The result of an attempt to deliver a notification. No-op if the notification
// is unknown. Answered with PipelineDone.
struct DeliveryEnded {
  NotificationNumber number{};
  bool delivered = false;

  // If not delivered, the time of the next attempt; infinite future gives up.
  absl::Time retry_at;
};

// Asks for counts by state. Answered with PipelineCensus, in constant time but
// for the components that are behind.
struct CountPipelines {};

// The result of judging a draft (see draft.h). The planner then answers the
// PutDefinition or ActivatePipeline that the draft was made for. Not answered
// itself.
struct DraftJudged {
  PipelineNumber pipeline{};

  // The call that the draft was made for.
  CallId call{};

  // Whether the definition is to be activated, or only saved. Of an activation,
  // the start of its work; infinite past if the start is unchanged.
  bool is_activation = false;
  absl::Time start = absl::InfinitePast();

  // The time by which it was judged and compiled.
  absl::Time now;

  // The error of a refused command; OK otherwise.
  absl::Status refusal;

  // The report on a definition that is to be saved.
  ValidationReport report;

  // The definition with the values of the activation, and whether these differ
  // from the saved ones.
  SharedDefinition definition;
  bool has_new_values = false;

  // The compiled definition of an activation.
  CompiledDefinition compiled;
};

using PipelineCommand =
    std::variant<CreatePipeline, PutDefinition, ActivatePipeline,
                 DeactivatePipeline, DeletePipeline, ChangeObjects, ChangeTags,
                 DeliveryEnded, CountPipelines, DraftJudged>;

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_COMMAND_H_
