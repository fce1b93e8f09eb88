// A pipeline in a store, for tests of queries.

#ifndef HOLDLINE_SERVER_QUERIES_STORED_PIPELINE_HARNESS_H_
#define HOLDLINE_SERVER_QUERIES_STORED_PIPELINE_HARNESS_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "server/auth/credentials/principal.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/definition/resolved_definition.h"
#include "server/pipeline/model/batch.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/record.h"
#include "server/pipeline/model/workflow.h"
#include "server/queries/pipeline_queries.h"
#include "server/store/memory/memory_store.h"

namespace holdline {

inline absl::Time At(absl::string_view text) { return *ParseFieldTime(text); }

// The pipeline `df-1` of the account `account`, called `hello`, activated at
// the beginning of 2012-12-13.
class StoredPipeline {
 public:
  StoredPipeline() {
    record_.number = PipelineNumber{1};
    record_.id = "df-1";
    record_.account = account();
    record_.creator = "creator";
    record_.name = "hello";
    record_.unique_id = "unique";
    record_.created_at = At("2012-12-01T00:00:00");
    PipelineBatch batch;
    batch.pipelines.push_back(record_);
    Commit(std::move(batch));
  }

  static AccountId account() { return {"account"}; }

  static Principal administrator() {
    return Caller({Role::kAdministrator}, {});
  }

  // Somebody of the account.
  static Principal Caller(Roles roles, std::vector<std::string> groups) {
    Principal caller;
    caller.account = account();
    caller.roles = roles;
    caller.worker_groups = std::move(groups);
    return caller;
  }

  // Asks one of the questions about pipelines.
  template <typename Input>
  auto Ask(const Input& input, const Principal& caller = administrator()) {
    return AnswerTo(input, QueryEnvironment{caller, markers_, archive_.get()});
  }

  Archive& archive() { return *archive_; }
  const PipelineRecord& record() const { return record_; }

  // Replaces the record.
  void Set(PipelineRecord record) {
    record_ = std::move(record);
    PipelineBatch batch;
    batch.pipelines.push_back(record_);
    Commit(std::move(batch));
  }

  // Saves the next version of the definition, and activates it unless told
  // otherwise. Its runnable objects get the numbers 1, 2, ... in order.
  void Save(const Definition& definition, bool activate = true) {
    ++record_.saved_version;
    PipelineBatch batch;
    batch.definitions.push_back(
        {record_.number, record_.saved_version, definition});
    if (activate) {
      record_.active_version = record_.saved_version;
      record_.state = PipelineState::kScheduled;
      record_.first_activated_at = At("2012-12-13T00:00:00");
      record_.last_activated_at = At("2012-12-13T00:00:00");
      for (const auto& [id, number] :
           WithNumbersOf(ResolvedDefinition::Resolve(definition), {})) {
        ComponentRecord component;
        component.pipeline = record_.number;
        component.number = number;
        component.id = id;
        batch.components.push_back(std::move(component));
      }
    }
    batch.pipelines.push_back(record_);
    Commit(std::move(batch));
  }

  // An instance of an hour that waits for its runner.
  Instance NewInstance(absl::string_view start, uint32_t component) const {
    Instance instance;
    instance.key = {record_.number, At(start), ComponentNumber{component}};
    instance.end = At(start) + absl::Hours(1);
    instance.version = record_.active_version;
    instance.status = RunStatus::kWaitingForRunner;
    instance.created_at = instance.end;
    return instance;
  }

  void Put(const Instance& instance) {
    PipelineBatch batch;
    batch.instances.push_back(instance);
    Commit(std::move(batch));
  }

  void Put(const Attempt& attempt) {
    PipelineBatch batch;
    batch.attempts.push_back(attempt);
    Commit(std::move(batch));
  }

  void Commit(PipelineBatch batch) {
    batch.counters.next_pipeline = PipelineNumber{1000};
    EXPECT_TRUE(store_.diary().Commit({}, batch).ok());
  }

 private:
  const PageMarkers markers_{"the secret of the store"};
  MemoryStore store_;
  const std::unique_ptr<Archive> archive_ = store_.OpenArchive();
  PipelineRecord record_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_STORED_PIPELINE_HARNESS_H_
