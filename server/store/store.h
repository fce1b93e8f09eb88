// A store: one diary, which writes, and any number of archives, which read.

#ifndef HOLDLINE_SERVER_STORE_STORE_H_
#define HOLDLINE_SERVER_STORE_STORE_H_

#include <memory>

#include "server/store/archive.h"
#include "server/store/diary.h"

namespace holdline {

// Keeps the rows of the broker and of pipelines, and the history of what has
// ended, which is not in memory.
//
// Errors of diary and archives: UNAVAILABLE if the store cannot be used now
// (disk full, I/O error, locked); the message says what to do, and the call may
// be retried. DATA_LOSS if stored data is damaged. No message contains a
// secret.
//
// Times are stored in microseconds, infinite ones included. Callers pass whole
// microseconds within 290,000 years of 1970; a finer part may be lost.
class Store {
 public:
  virtual ~Store() = default;

  // The diary, which lives as long as the store.
  virtual Diary& diary() = 0;

  // Returns a new archive, which must not outlive the store. It connects at its
  // first call, and again after an error, so this cannot fail. Thread-safe, but
  // not during the store's destruction.
  virtual std::unique_ptr<Archive> OpenArchive() = 0;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_STORE_H_
