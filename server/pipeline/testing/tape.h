// The tape: bytes that choose the steps of a random walk.

#ifndef HOLDLINE_SERVER_PIPELINE_TESTING_TAPE_H_
#define HOLDLINE_SERVER_PIPELINE_TESTING_TAPE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace holdline {

// Not thread-safe. The bytes are not owned.
class Tape {
 public:
  explicit Tape(const std::vector<uint8_t>& bytes) : bytes_(bytes) {}

  bool at_end() const { return position_ >= bytes_.size(); }

  // Returns the next byte; zero behind the end.
  uint8_t Next() { return at_end() ? 0 : bytes_[position_++]; }

  // Returns a number below `count`, which is positive.
  size_t Below(size_t count) { return Next() % count; }

  // Whether one of `count` equal chances comes true.
  bool OneIn(size_t count) { return Below(count) == 0; }

 private:
  const std::vector<uint8_t>& bytes_;
  size_t position_ = 0;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_TESTING_TAPE_H_
