// SQLite's write-ahead log, read a frame at a time, beyond the first bad one:
// see "The Write-Ahead Log" of sqlite.org/fileformat2.html. SQLite itself ends
// at a bad frame and does not look whether it was the last.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_WAL_READER_H_
#define HOLDLINE_SERVER_STORE_SQLITE_WAL_READER_H_

#include <array>
#include <cstdint>
#include <fstream>
#include <string>

namespace holdline {

// Two checksums of 32 bits that go on from frame to frame.
using WalChecksum = std::array<uint32_t, 2>;

// Goes on with the checksum over `size` bytes, a multiple of 8.
WalChecksum ContinueWalChecksum(const char* bytes, size_t size, bool big_endian,
                                WalChecksum sum);

// What tells the frames of one run through the log from those of the run before
// that are not overwritten yet. The first half goes up by one with each run.
using WalSalt = std::array<uint32_t, 2>;

struct WalFrame {
  // Written in the present run through the log.
  bool current = false;

  // Moreover, as it was written: its checksum goes on from that of the frame
  // before. As each frame keeps its own, this can be told behind a bad one too.
  bool whole = false;

  // Ends a transaction, if `current` can be believed.
  bool commit = false;
};

// Not thread-safe.
class WalReader {
 public:
  // Opens the log at `path`; one that cannot be read looks empty.
  explicit WalReader(const std::string& path);

  // Whether SQLite would look behind the header.
  bool has_header() const { return has_header_; }

  // Of the header or, if that is damaged, of the first frame.
  const WalSalt& salt() const { return salt_; }

  // Reads the next frame; false at the end, and for a part of one.
  bool Next(WalFrame& frame);

 private:
  bool ReadHeader();

  std::ifstream file_;
  bool has_header_ = false;
  bool big_endian_ = false;  // how the words are summed
  bool salt_known_ = false;
  uint32_t page_size_;
  WalSalt salt_ = {};
  WalChecksum sum_ = {};  // of the frame before
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_WAL_READER_H_
