// A reader of SQLite's write-ahead log that goes on after a bad frame: see "The
// Write-Ahead Log" of sqlite.org/fileformat2.html. SQLite itself stops at the
// first bad frame and does not check whether others follow.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_WAL_READER_H_
#define HOLDLINE_SERVER_STORE_SQLITE_WAL_READER_H_

#include <array>
#include <cstdint>
#include <fstream>
#include <string>

namespace holdline {

// Two running checksums of 32 bits over all frames.
using WalChecksum = std::array<uint32_t, 2>;

// Returns `sum` continued over `size` bytes, a multiple of 8.
WalChecksum ContinueWalChecksum(const char* bytes, size_t size, bool big_endian,
                                WalChecksum sum);

// The salt that distinguishes frames of the present pass through the log file
// from those of the pass before, not overwritten yet. The first half increases
// by one with each pass.
using WalSalt = std::array<uint32_t, 2>;

struct WalFrame {
  // Whether it was written in the present pass through the log.
  bool current = false;

  // Whether, moreover, its checksum is right, given the checksum stored in the
  // frame before. So this can be checked after a bad frame too.
  bool whole = false;

  // Whether it ends a transaction; meaningful if `current`.
  bool commit = false;
};

// Not thread-safe.
class WalReader {
 public:
  // Opens the log at `path`; one that cannot be read counts as empty.
  explicit WalReader(const std::string& path);

  // Whether the header is valid, so that SQLite would read the frames.
  bool has_header() const { return has_header_; }

  // The salt of the header or, if that is damaged, of the first frame.
  const WalSalt& salt() const { return salt_; }

  // Reads the next frame; false at the end and for an incomplete frame.
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
