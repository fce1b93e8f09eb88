// The conformance suite of stores, instantiated for each store.
//
//   INSTANTIATE_TEST_SUITE_P(Sqlite, StoreConformance,
//                            testing::Values(&OpenSqlite));

#ifndef HOLDLINE_SERVER_STORE_TESTING_STORE_CONFORMANCE_H_
#define HOLDLINE_SERVER_STORE_TESTING_STORE_CONFORMANCE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "server/broker/batch.h"
#include "server/broker/state.h"
#include "server/broker/task.h"
#include "server/pipeline/model/batch.h"
#include "server/pipeline/model/instance.h"
#include "server/store/store.h"
#include "server/store/testing/pipeline_samples.h"
#include "server/store/testing/store_samples.h"

namespace holdline {

// A store and the way to open it again.
class OpenStore {
 public:
  virtual ~OpenStore() = default;

  virtual Store& store() = 0;

  // Closes and opens the store again, as a restart of the server does.
  virtual void Reopen() = 0;
};

// Makes an empty store.
using StoreFactory = std::function<std::unique_ptr<OpenStore>()>;

class StoreConformance : public testing::TestWithParam<StoreFactory> {
 protected:
  StoreConformance() : open_(GetParam()()) {}

  Store& store() { return open_->store(); }
  Diary& diary() { return store().diary(); }

  // The same archive until Reopen or Renew.
  Archive& archive() {
    if (archive_ == nullptr) archive_ = store().OpenArchive();
    return *archive_;
  }

  void Reopen() {
    archive_ = nullptr;
    open_->Reopen();
  }

  // Goes on with another, empty store.
  void Renew() {
    archive_ = nullptr;
    open_ = GetParam()();
  }

  // Commits `batch`, which must succeed. Keeps the counters rising.
  void Commit(Batch batch);

  // Commits one new task.
  void Submit(const Task& task, std::string payload = "payload");

  // The live state, the same before and after a restart.
  State Load();

  // Commits rows of pipelines only, which must succeed.
  void CommitPipelines(const PipelineBatch& batch);

  // What LoadPipelines returns, sorted, the same before and after a restart.
  PipelineRows LoadPipelines();

  // Compare every answer of the store with the reference. `tasks` has what is
  // added to live attempts.
  void Check(const Reference& reference);
  void CheckPipelines(const PipelineReference& reference,
                      const Reference& tasks);

  // The ids of all pages together, newest first.
  std::vector<TaskId> ListAll(TaskFilter filter);

  // The instances and attempts of all pages together.
  std::vector<Instance> ListInstances(const RunFilter& filter, int limit);
  std::vector<Attempt> ListAttempts(const RunFilter& filter, int limit);

 private:
  std::unique_ptr<OpenStore> open_;
  std::unique_ptr<Archive> archive_;
  Counters counters_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_TESTING_STORE_CONFORMANCE_H_
