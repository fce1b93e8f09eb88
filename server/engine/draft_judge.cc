#include "server/engine/draft_judge.h"

#include <utility>

namespace holdline {

DraftJudge::DraftJudge(Tell tell)
    : tell_(std::move(tell)), thread_([this] { Run(); }) {}

DraftJudge::~DraftJudge() { Stop(); }

void DraftJudge::Put(Draft draft) {
  absl::MutexLock lock(&mutex_);
  drafts_.push_back(std::move(draft));
}

void DraftJudge::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void DraftJudge::Run() {
  while (true) {
    mutex_.LockWhen(absl::Condition(
        +[](DraftJudge* judge) ABSL_EXCLUSIVE_LOCKS_REQUIRED(judge->mutex_) {
          return judge->stopped_ || !judge->drafts_.empty();
        },
        this));
    if (stopped_) {
      mutex_.Unlock();
      return;
    }
    const Draft draft = std::move(drafts_.front());
    drafts_.pop_front();
    mutex_.Unlock();
    tell_(Judge(draft), draft.account);
  }
}

}  // namespace holdline
