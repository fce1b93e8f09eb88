// Writing to a descriptor whose reader may have stopped reading.

#ifndef HOLDLINE_SERVER_BASE_BOUNDED_WRITE_H_
#define HOLDLINE_SERVER_BASE_BOUNDED_WRITE_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace holdline {

// Writes as much of `rest` as there is room for, which it waits for at most for
// `patience`, and takes that off `rest`. Returns false if nothing can be
// written any more: the reader is gone, the disk is full. A text of up to
// PIPE_BUF bytes stays whole beside what others write to the same pipe.
bool WriteSome(int descriptor, absl::string_view* rest,
               absl::Duration patience);

// Writes `text`, and gives up when there has been no room for `patience`.
// Returns whether all of it was written.
bool WriteWithin(int descriptor, absl::string_view text,
                 absl::Duration patience);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BASE_BOUNDED_WRITE_H_
