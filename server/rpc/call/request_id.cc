#include "server/rpc/call/request_id.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/random/random.h"
#include "absl/strings/ascii.h"

namespace holdline {
namespace {

constexpr size_t kGivenLengthMax = 128;

bool IsIdCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
         c == '_' || c == '.' || c == ':';
}

}  // namespace

std::string MakeRequestId() {
  thread_local absl::InsecureBitGen random;
  constexpr char kDigits[] = "0123456789abcdef";
  constexpr uint64_t kVersionMask = 0xF000;
  constexpr uint64_t kVersion4 = 0x4000;
  constexpr uint64_t kVariantMask = uint64_t{3} << 62;
  constexpr uint64_t kVariant = uint64_t{2} << 62;
  const uint64_t high =
      (absl::Uniform<uint64_t>(random) & ~kVersionMask) | kVersion4;
  const uint64_t low =
      (absl::Uniform<uint64_t>(random) & ~kVariantMask) | kVariant;

  std::string id(36, '-');
  size_t at = 0;
  for (int digit = 0; digit < 32; ++digit) {
    if (digit == 8 || digit == 12 || digit == 16 || digit == 20) ++at;
    const uint64_t word = digit < 16 ? high : low;
    id[at++] = kDigits[word >> (60 - digit % 16 * 4) & 0xF];
  }
  return id;
}

std::string RequestIdOf(const grpc::CallbackServerContext& context) {
  const auto& metadata = context.client_metadata();
  const auto given = metadata.find(kRequestIdKey);
  if (given == metadata.end() || given->second.empty() ||
      given->second.size() > kGivenLengthMax ||
      !std::all_of(given->second.begin(), given->second.end(), IsIdCharacter)) {
    return MakeRequestId();
  }
  return std::string(given->second.data(), given->second.size());
}

}  // namespace holdline
