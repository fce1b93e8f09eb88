// The check that the write-ahead log of a closed database still has all that
// was committed.
//
// A loss of power may leave the last transaction incomplete: it was not synced,
// so it was not acknowledged. It is damage, however, if an unreadable
// transaction is followed by valid frames, since each transaction is synced
// before the next begins; or if frames are missing that the index counts as
// committed.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_WAL_CHECK_H_
#define HOLDLINE_SERVER_STORE_SQLITE_WAL_CHECK_H_

#include <cstdint>
#include <string>

namespace holdline {

struct WalFindings {
  // The frames and commits that SQLite will read: up to the last commit before
  // the first bad frame.
  int64_t readable_frames = 0;
  int64_t readable_commits = 0;

  // Whether committed frames cannot be read, and how many at least.
  bool damaged = false;
  int64_t lost_frames = 0;
  int64_t lost_commits = 0;

  // The number of frames that the database file has too.
  int64_t in_database = 0;

  // Whether everything that was committed is in the database file.
  bool spent = false;

  // The number of frames of a last, incomplete transaction.
  int64_t torn_frames = 0;
};

// Checks the log and its index; either may be missing. No process may have them
// open.
WalFindings CheckWal(const std::string& log, const std::string& index);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_WAL_CHECK_H_
