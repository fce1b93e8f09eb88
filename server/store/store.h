// A store: one who writes, and any number of those who read.

#ifndef HOLDLINE_SERVER_STORE_STORE_H_
#define HOLDLINE_SERVER_STORE_STORE_H_

#include <memory>

#include "server/store/archive.h"
#include "server/store/diary.h"

namespace holdline {

// Keeps the rows of the broker and of pipelines, and history that memory has
// forgotten.
//
// Errors, of both halves: UNAVAILABLE if the store cannot be used now (disk
// full, I/O error, locked), with what to do about it in words; it may be tried
// again. DATA_LOSS if what is stored cannot be read as what was written.
// Neither names a secret.
//
// Time: kept to the microsecond, infinity included. Callers give whole
// microseconds within 290,000 years of 1970; a finer part may be lost.
class Store {
 public:
  virtual ~Store() = default;

  // The only one that writes; it lives as long as the store.
  virtual Diary& diary() = 0;

  // Returns a further archive, which must not outlive the store. It connects
  // with its first question, and again after an error: so this cannot fail.
  // May be called by any thread, but not beside the store's destruction.
  virtual std::unique_ptr<Archive> OpenArchive() = 0;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_STORE_H_
