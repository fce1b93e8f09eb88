#include "server/store/sqlite/wal_index.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
#include <fstream>

namespace holdline {
namespace {

// In the byte order of the machine that wrote it.
struct Header {
  uint32_t version;
  uint32_t unused;
  uint32_t changes;
  uint8_t is_initialized;
  uint8_t big_endian_checksums;
  uint16_t page_size;
  uint32_t frames;
  uint32_t pages;
  WalChecksum frame_checksum;
  std::array<std::array<uint8_t, 4>, 2> salt;  // as it stands in the log
  WalChecksum checksum;
};

struct Index {
  Header header;
  Header copy;
  uint32_t backfilled;
};

static_assert(sizeof(Header) == 48 && sizeof(Index) == 100);

constexpr uint32_t kVersion = 3007000;
constexpr bool kBigEndian = std::endian::native == std::endian::big;

uint32_t Number(const std::array<uint8_t, 4>& bytes) {
  uint32_t value = 0;
  for (const uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

bool IsWhole(const Index& index) {
  if (std::memcmp(&index.header, &index.copy, sizeof(Header)) != 0) {
    return false;
  }
  const WalChecksum sum =
      ContinueWalChecksum(reinterpret_cast<const char*>(&index.header),
                          offsetof(Header, checksum), kBigEndian, {});
  return index.header.version == kVersion && index.header.is_initialized != 0 &&
         sum == index.header.checksum;
}

}  // namespace

std::optional<WalIndex> ReadWalIndex(const std::string& path) {
  Index index;
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(&index), sizeof(index));
  if (file.gcount() != sizeof(index) || !IsWhole(index)) return std::nullopt;
  return WalIndex{index.header.frames,
                  index.backfilled,
                  {Number(index.header.salt[0]), Number(index.header.salt[1])}};
}

}  // namespace holdline
