#include "server/store/sqlite/packing.h"

namespace holdline {
namespace {

constexpr int kBits = 7;
constexpr uint64_t kMore = 0x80;

}  // namespace

void Packer::PutNumber(uint64_t number) {
  for (; number >= kMore; number >>= kBits) {
    packed_.push_back(static_cast<char>(number | kMore));
  }
  packed_.push_back(static_cast<char>(number));
}

// 0, -1, 1, -2 become 0, 1, 2, 3.
void Packer::PutSigned(int64_t number) {
  const uint64_t sign = number < 0 ? ~uint64_t{0} : 0;
  PutNumber((static_cast<uint64_t>(number) << 1) ^ sign);
}

void Packer::PutText(absl::string_view text) {
  PutNumber(text.size());
  packed_.append(text.data(), text.size());
}

uint64_t Unpacker::TakeNumber() {
  uint64_t number = 0;
  for (int shift = 0; shift < 64 && !rest_.empty(); shift += kBits) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    number |= (byte & (kMore - 1)) << shift;
    if (byte < kMore) return number;
  }
  ok_ = false;
  rest_ = {};
  return 0;
}

int64_t Unpacker::TakeSigned() {
  const uint64_t number = TakeNumber();
  const uint64_t sign = (number & 1) != 0 ? ~uint64_t{0} : 0;
  return static_cast<int64_t>((number >> 1) ^ sign);
}

std::string Unpacker::TakeText() {
  const uint64_t size = TakeNumber();
  if (size > rest_.size()) {
    ok_ = false;
    rest_ = {};
    return {};
  }
  std::string text(rest_.substr(0, size));
  rest_.remove_prefix(size);
  return text;
}

}  // namespace holdline
