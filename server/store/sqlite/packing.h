// Texts and numbers in a row of bytes, for columns that hold lists.
//
// A number takes seven bits a byte, lowest first, with the eighth set in all
// but the last. A text is its length and its bytes.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_PACKING_H_
#define HOLDLINE_SERVER_STORE_SQLITE_PACKING_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace holdline {

class Packer {
 public:
  void PutNumber(uint64_t number);

  // Small numbers of either sign take little room.
  void PutSigned(int64_t number);

  void PutText(absl::string_view text);

  std::string Take() { return std::move(packed_); }

 private:
  std::string packed_;
};

// Reads what a Packer was given, in the same order. Bytes that cannot be that
// are read as zeros and empty texts.
class Unpacker {
 public:
  // The bytes must outlive this.
  explicit Unpacker(absl::string_view packed) : rest_(packed) {}

  uint64_t TakeNumber();
  int64_t TakeSigned();
  std::string TakeText();

  // Whether everything so far could be read.
  bool ok() const { return ok_; }

  // Whether everything could be read and nothing is left.
  bool Complete() const { return ok_ && rest_.empty(); }

 private:
  absl::string_view rest_;
  bool ok_ = true;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_PACKING_H_
