// The thread on which drafts of definitions are judged, so that a long one
// delays drafts only and no task.

#ifndef HOLDLINE_SERVER_ENGINE_DRAFT_JUDGE_H_
#define HOLDLINE_SERVER_ENGINE_DRAFT_JUDGE_H_

#include <deque>
#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/broker/ids.h"
#include "server/pipeline/planner/draft.h"

namespace holdline {

// Thread-safe.
class DraftJudge {
 public:
  // Is told each result and the account of its draft, on the judge's thread.
  using Tell = std::function<void(DraftJudged judged, AccountId account)>;

  explicit DraftJudge(Tell tell);

  // As Stop.
  ~DraftJudge();

  DraftJudge(const DraftJudge&) = delete;
  DraftJudge& operator=(const DraftJudge&) = delete;

  // Takes a draft, to be judged after those before it.
  void Put(Draft draft);

  // Finishes the one that is being judged, forgets the others, and ends the
  // thread. Idempotent.
  void Stop();

 private:
  void Run();

  const Tell tell_;
  absl::Mutex mutex_;
  std::deque<Draft> drafts_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_DRAFT_JUDGE_H_
