// The one door through which facts about pipelines become state.
//
// A fact is a row as it is from now on: one that is recorded, or one that is
// changed where it stands. Everybody may look at the state; nobody else can
// change it.

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
  // Goes on from what is on disk.
  explicit PipelineLedger(PipelineRows rows);

  const PipelinesState& state() const { return state_; }

  // Of pipelines and instances only.
  const PipelineCensus& census() const { return census_; }

  // Gives a pipeline the compiled form of a version that it has, and is about
  // to activate. That is no fact: it follows from the definition and the
  // records of the components, and a restart compiles anew.
  void Prepare(PipelineNumber pipeline, int version,
               CompiledDefinition compiled);

  // Applies a fact. REQUIRES: it fits the state: what it belongs to exists,
  // components come in the order of their numbers, and nothing becomes what the
  // tables of transitions.h do not allow.
  void Record(PipelineUpdate update);

  // Changes a row where it stands, as one fact. `change` leaves its key alone,
  // and does not call the ledger. REQUIRES: the row is in the state, and does
  // not become what the tables do not allow.
  void Edit(PipelineNumber pipeline,
            absl::FunctionRef<void(PipelineRecord&)> change);
  void Edit(const ComponentKey& component,
            absl::FunctionRef<void(ComponentRecord&)> change);
  void Edit(const InstanceKey& instance,
            absl::FunctionRef<void(Instance&)> change);

  // The same of the present attempt of an instance.
  void EditAttempt(const InstanceKey& instance,
                   absl::FunctionRef<void(Attempt&)> change);

  // Returns what has been recorded since the last call, as rows to be stored,
  // and lets go of what ended in it.
  PipelineBatch TakeBatch();

  // Whether there is anything to be stored.
  bool dirty() const;

  // How many facts were recorded so far.
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

  // Counts a row that was in the state `before`, if it was there, and notes
  // what has happened to it.
  void Note(std::optional<PipelineState> before, const PipelineRecord& record,
            bool was_activated);
  void Note(std::optional<RunStatus> before, const Instance& instance);
  void NoteFailure(const AttemptKey& key);

  // The name and owner of instances; null if their component is not in the
  // definition any more.
  const Component* ComponentOf(const Instance& instance) const;
  ComponentName NameOf(const Component& component, PipelineNumber number) const;

  // Whether an instance may become so. One that was not in the state, because
  // it ended before, comes into being again.
  bool MayBecome(std::optional<RunStatus> before, const Instance& next) const;

  // Numbers the components, and compiles the definitions that can be run.
  static void Number(Pipeline& pipeline);
  void Compile(Pipeline& pipeline);

  PipelinesState state_;
  PipelineCensus census_;

  // The keys of the batch: the rows are filled in at its end.
  absl::btree_set<PipelineNumber> pipelines_;
  absl::btree_set<std::pair<PipelineNumber, int>> definitions_;
  absl::btree_set<std::pair<PipelineNumber, ComponentNumber>> components_;
  absl::btree_set<InstanceKey> instances_;
  absl::btree_set<NotificationNumber> notifications_;

  // Attempts that were ended and followed by another within the batch, and
  // those that stand in the state.
  std::vector<Attempt> ended_attempts_;
  absl::btree_set<InstanceKey> attempts_;

  std::vector<PipelineRecord> deleted_;
  std::vector<NotificationNumber> removed_;
  std::vector<PipelineFact> facts_;
  int64_t recorded_ = 0;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_LEDGER_H_
