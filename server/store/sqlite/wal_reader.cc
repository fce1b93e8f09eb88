#include "server/store/sqlite/wal_reader.h"

namespace holdline {
namespace {

constexpr size_t kHeaderBytes = 32;
constexpr size_t kFrameHeaderBytes = 24;

// The last bit says how the words of the checksums are read.
constexpr uint32_t kMagic = 0x377f0682;
constexpr uint32_t kVersion = 3007000;

// Of a database whose log does not say so.
constexpr uint32_t kUsualPageSize = 4096;

uint32_t BigEndian(const char* bytes) {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

uint32_t LittleEndian(const char* bytes) {
  uint32_t value = 0;
  for (int i = 3; i >= 0; --i) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

std::array<uint32_t, 2> TwoNumbers(const char* bytes) {
  return {BigEndian(bytes), BigEndian(bytes + 4)};
}

bool IsPageSize(uint32_t size) {
  return size >= 512 && size <= 65536 && (size & (size - 1)) == 0;
}

// Reads `size` bytes, all or none.
bool Read(std::ifstream& file, size_t size, std::string& bytes) {
  bytes.resize(size);
  file.read(bytes.data(), static_cast<std::streamsize>(size));
  return file.gcount() == static_cast<std::streamsize>(size);
}

}  // namespace

WalChecksum ContinueWalChecksum(const char* bytes, size_t size, bool big_endian,
                                WalChecksum sum) {
  const auto word = big_endian ? BigEndian : LittleEndian;
  for (size_t i = 0; i + 8 <= size; i += 8) {
    sum[0] += word(bytes + i) + sum[1];
    sum[1] += word(bytes + i + 4) + sum[0];
  }
  return sum;
}

WalReader::WalReader(const std::string& path)
    : file_(path, std::ios::binary), page_size_(kUsualPageSize) {
  has_header_ = ReadHeader();
  salt_known_ = has_header_;
}

bool WalReader::ReadHeader() {
  std::string header;
  if (!Read(file_, kHeaderBytes, header)) return false;
  const uint32_t magic = BigEndian(header.data());
  big_endian_ = magic == (kMagic | 1);
  const uint32_t page_size = BigEndian(header.data() + 8);
  if (IsPageSize(page_size)) page_size_ = page_size;
  salt_ = TwoNumbers(header.data() + 16);
  sum_ = TwoNumbers(header.data() + 24);
  return (magic | 1) == (kMagic | 1) && IsPageSize(page_size) &&
         BigEndian(header.data() + 4) == kVersion &&
         sum_ == ContinueWalChecksum(header.data(), 24, big_endian_, {});
}

bool WalReader::Next(WalFrame& frame) {
  std::string header;
  std::string page;
  if (!Read(file_, kFrameHeaderBytes, header)) return false;
  if (!Read(file_, page_size_, page)) return false;
  const WalSalt salt = TwoNumbers(header.data() + 8);
  if (!salt_known_) salt_ = salt;
  salt_known_ = true;
  const WalChecksum stored = TwoNumbers(header.data() + 16);
  WalChecksum sum = ContinueWalChecksum(header.data(), 8, big_endian_, sum_);
  sum = ContinueWalChecksum(page.data(), page.size(), big_endian_, sum);
  frame.current = salt == salt_;
  frame.whole = frame.current && sum == stored && BigEndian(header.data()) != 0;
  frame.commit = frame.current && BigEndian(header.data() + 4) != 0;
  sum_ = stored;
  return true;
}

}  // namespace holdline
