// The check that the log of a database that nobody has open still holds all
// that was committed.
//
// A loss of power may leave the last transaction in pieces: it was not synced,
// so it was not acknowledged. Anything whole behind the end of a transaction
// that cannot be read is another matter, since each is synced before the next
// one begins; and so is the lack of what the index says was committed.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_WAL_CHECK_H_
#define HOLDLINE_SERVER_STORE_SQLITE_WAL_CHECK_H_

#include <cstdint>
#include <string>

namespace holdline {

struct WalFindings {
  // What SQLite will read, up to the last commit before the first bad frame.
  int64_t readable_frames = 0;
  int64_t readable_commits = 0;

  // What was committed and cannot be read any more; at least so many.
  bool damaged = false;
  int64_t lost_frames = 0;
  int64_t lost_commits = 0;

  // The frames that the database file has too.
  int64_t in_database = 0;

  // Everything that was committed is in the database file.
  bool spent = false;

  // The frames of a last transaction that was never committed.
  int64_t torn_frames = 0;
};

// Checks the log and its index; either may be missing. No process may have them
// open.
WalFindings CheckWal(const std::string& log, const std::string& index);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_WAL_CHECK_H_
