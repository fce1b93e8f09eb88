// The ledger of pipelines: the only class that changes their state.
//
// Each change is a row, recorded whole or edited in place. Anybody may read the
// state; nobody else can change it.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_LEDGER_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_LEDGER_H_

#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/functional/function_ref.h"
#include "server/pipeline/model/batch.h"
#include "server/pipeline/model/census.h"
#include "server/pipeline/model/state.h"

namespace holdline {

struct PipelineDeleted {
  PipelineNumber pipeline{};
};

struct NotificationRemoved {
  NotificationNumber notification{};
};

using PipelineUpdate = std::variant<PipelineRecord, PipelineDeleted,
                                    SavedDefinition, ComponentRecord, Instance,
                                    Attempt, Notification, NotificationRemoved>;

// Not thread-safe.
class PipelineLedger {
 public:
  // Continues from the stored rows.
  explicit PipelineLedger(PipelineRows rows);

  const PipelinesState& state() const { return state_; }

  // The counts of pipelines and instances; other members stay zero.
  const PipelineCensus& census() const { return census_; }

  // Sets the compiled form of a version that the pipeline has and is about to
  // activate. Not stored: a restart compiles the definition anew.
  void Prepare(PipelineNumber pipeline, int version,
               CompiledDefinition compiled);

  // Applies a change. REQUIRES: the change fits the state: its pipeline,
  // component or instance exists, components come in the order of their
  // numbers, and transitions.h allows the new state.
  void Record(PipelineUpdate update);

  // Edits a row in place. `change` does not change the key, and does not call
  // the ledger. REQUIRES: the row exists, and transitions.h allows its new
  // state.
  void Edit(PipelineNumber pipeline,
            absl::FunctionRef<void(PipelineRecord&)> change);
  void Edit(const ComponentKey& component,
            absl::FunctionRef<void(ComponentRecord&)> change);
  void Edit(const InstanceKey& instance,
            absl::FunctionRef<void(Instance&)> change);

  // Edits the present attempt of an instance likewise.
  void EditAttempt(const InstanceKey& instance,
                   absl::FunctionRef<void(Attempt&)> change);

  // Returns the rows that changed since the last call, and removes from the
  // state what ended among them.
  PipelineBatch TakeBatch();

  // Whether any row is to be stored.
  bool dirty() const;

  // Whether the batch deletes a pipeline of this public id.
  bool Deletes(const AccountId& account, const std::string& id) const;

  // The number of changes since construction.
  int64_t recorded() const { return recorded_; }

 private:
  void Apply(PipelineRecord record);
  void Apply(const PipelineDeleted& deleted);
  void Apply(SavedDefinition saved);
  void Apply(ComponentRecord record);
  void Apply(Instance instance);
  void Apply(Attempt attempt);
  void Apply(Notification notification);
  void Apply(const NotificationRemoved& removed);
  void Change(const ComponentKey& component,
              absl::FunctionRef<void(ComponentRecord&)> change);

  // Counts a row, whose state was `before` if it existed, and notes the fact.
  void Note(std::optional<PipelineState> before, const PipelineRecord& record,
            bool was_activated);
  void Note(std::optional<RunStatus> before, const Instance& instance);
  void NoteFailure(const AttemptKey& key);

  // The component of an instance, and its name in facts; null if the component
  // is no longer in the definition.
  const Component* ComponentOf(const Instance& instance) const;
  ComponentName NameOf(const Component& component, PipelineNumber number) const;

  // Whether the transition is allowed. An ended instance is not in the state
  // and is made again.
  bool MayBecome(std::optional<RunStatus> before, const Instance& next) const;

  // Numbers the components, and compiles the definitions that can be run.
  static void Number(Pipeline& pipeline);
  void Compile(Pipeline& pipeline);

  PipelinesState state_;
  PipelineCensus census_;

  // The keys of the batch; TakeBatch adds the rows.
  absl::btree_set<PipelineNumber> pipelines_;
  absl::btree_set<std::pair<PipelineNumber, int>> definitions_;
  absl::btree_set<std::pair<PipelineNumber, ComponentNumber>> components_;
  absl::btree_set<InstanceKey> instances_;
  absl::btree_set<NotificationNumber> notifications_;

  // Attempts that ended and were followed by another within the batch; and the
  // instances whose present attempt changed.
  std::vector<Attempt> ended_attempts_;
  absl::btree_set<InstanceKey> attempts_;

  std::vector<PipelineRecord> deleted_;
  std::vector<NotificationNumber> removed_;
  std::vector<PipelineFact> facts_;
  int64_t recorded_ = 0;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_LEDGER_H_
