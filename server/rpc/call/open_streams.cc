#include "server/rpc/call/open_streams.h"

#include "absl/strings/str_cat.h"
#include "server/base/steady_time.h"

namespace holdline {
namespace {

absl::Status Stopping() {
  return absl::UnavailableError(
      "The server is stopping: begin the stream anew.");
}

}  // namespace

absl::Status OpenStreams::Add(StreamCall* stream) {
  absl::MutexLock lock(&mutex_);
  if (draining_) return Stopping();
  int& count = counts_[stream->account()];
  if (count >= account_max_) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "The limit of ", account_max_,
        " open watches of an account is reached. End one, or try again "
        "later."));
  }
  ++count;
  streams_.insert(stream);
  return absl::OkStatus();
}

void OpenStreams::Remove(StreamCall* stream) {
  absl::MutexLock lock(&mutex_);
  if (streams_.erase(stream) == 0) return;
  const auto count = counts_.find(stream->account());
  if (--count->second == 0) counts_.erase(count);
  if (draining_ && streams_.empty()) none_.Notify();
}

void OpenStreams::Drain(const Holding& holding) {
  absl::MutexLock lock(&mutex_);
  draining_ = true;
  if (streams_.empty()) none_.Notify();
  for (StreamCall* stream : streams_) {
    stream->Stop(Stopping(), holding.Delay(SteadyNow()));
  }
}

void OpenStreams::AwaitNone(absl::Time deadline) {
  if (none_.WaitUntil(deadline)) return;
  absl::MutexLock lock(&mutex_);
  for (StreamCall* stream : streams_) stream->Cut();
}

}  // namespace holdline
