#include "server/log/grpc_log.h"

#include <string>

#include "absl/base/const_init.h"
#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "grpc/support/log.h"

namespace holdline {
namespace {

// gRPC calls a function without any object of ours, from any thread.
absl::Mutex mutex(absl::kConstInit);
Log* destination ABSL_GUARDED_BY(mutex) = nullptr;

// What gRPC calls an error is for us at most a warning: it copes, or a call
// fails and is logged as such.
LogLevel LevelOf(gpr_log_severity severity) {
  return severity == GPR_LOG_SEVERITY_ERROR ? LogLevel::kWarning
                                            : LogLevel::kDebug;
}

void Write(gpr_log_func_args* message) {
  const std::string source = absl::StrCat(message->file, ":", message->line);
  absl::ReaderMutexLock lock(&mutex);
  if (destination == nullptr) return;
  destination->WriteThrottled(
      source,
      {LevelOf(message->severity),
       "grpc_message",
       {{"source", source}, {"message", std::string(message->message)}}});
}

}  // namespace

GrpcLog::GrpcLog(Log* log) {
  {
    absl::MutexLock lock(&mutex);
    destination = log;
  }
  gpr_set_log_function(Write);
}

GrpcLog::~GrpcLog() {
  gpr_set_log_function(nullptr);
  absl::MutexLock lock(&mutex);
  destination = nullptr;
}

}  // namespace holdline
