#include "server/store/sqlite/wal_check.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "server/store/sqlite/wal_index.h"
#include "server/store/sqlite/wal_reader.h"

namespace holdline {
namespace {

// The frames of a log; the first has the number 1.
struct Frames {
  bool has_header = false;
  WalSalt salt = {};
  std::vector<WalFrame> frames;

  int64_t size() const { return std::ssize(frames); }
  const WalFrame& at(int64_t number) const {
    return frames[static_cast<size_t>(number - 1)];
  }
};

Frames ReadFrames(const std::string& path) {
  WalReader reader(path);
  Frames log;
  WalFrame frame;
  while (reader.Next(frame)) log.frames.push_back(frame);
  log.has_header = reader.has_header();
  log.salt = reader.salt();
  return log;
}

void FindReadable(const Frames& log, WalFindings& findings) {
  if (!log.has_header) return;
  int64_t commits = 0;
  for (int64_t i = 1; i <= log.size() && log.at(i).whole; ++i) {
    if (!log.at(i).commit) continue;
    ++commits;
    findings.readable_frames = i;
    findings.readable_commits = commits;
  }
}

// The last frame that proves that an earlier one was committed and is bad; 0 if
// there is none. A header is synced before any frame is written.
int64_t LastProof(const Frames& log, int64_t readable) {
  int64_t proof = 0;
  bool ended = !log.has_header;
  for (int64_t i = readable + 1; i <= log.size(); ++i) {
    const WalFrame& frame = log.at(i);
    if (ended && frame.whole) proof = i;
    if (frame.commit) ended = true;
  }
  return proof;
}

int64_t LastCommit(const Frames& log) {
  for (int64_t i = log.size(); i >= 1; --i) {
    if (log.at(i).commit) return i;
  }
  return 0;
}

// The index is of the run that follows on the log's, and nothing was committed
// in it: a run begins when the database file has all of the one before.
bool IsOfNextRun(const WalIndex& index, const WalSalt& salt) {
  return index.committed == 0 && index.salt[0] == salt[0] + 1;
}

}  // namespace

WalFindings CheckWal(const std::string& log_path,
                     const std::string& index_path) {
  const Frames log = ReadFrames(log_path);
  const std::optional<WalIndex> index = ReadWalIndex(index_path);
  WalFindings findings;
  FindReadable(log, findings);
  const int64_t readable = findings.readable_frames;
  int64_t committed = 0;
  if (index.has_value() && (!log.has_header || index->salt == log.salt)) {
    committed = index->committed;
    findings.in_database = index->in_database;
  }
  findings.spent =
      findings.in_database >= std::max(committed, LastCommit(log)) ||
      (index.has_value() && IsOfNextRun(*index, log.salt));
  const int64_t last = std::max(committed, LastProof(log, readable));
  findings.damaged = last > readable;
  for (int64_t i = readable + 1; i <= log.size(); ++i) {
    const WalFrame& frame = log.at(i);
    if (!findings.damaged && frame.current) ++findings.torn_frames;
    if (i <= last && frame.commit) ++findings.lost_commits;
  }
  if (findings.damaged) findings.lost_frames = last - readable;
  return findings;
}

}  // namespace holdline
