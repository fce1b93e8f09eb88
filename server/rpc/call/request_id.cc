#include "server/rpc/call/request_id.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "proto/metadata_keys.h"
#include "server/base/uuid.h"

namespace holdline {
namespace {

constexpr size_t kGivenLengthMax = 128;

bool IsIdCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
         c == '_' || c == '.' || c == ':';
}

}  // namespace

std::string RequestIdOf(const grpc::CallbackServerContext& context) {
  const auto& metadata = context.client_metadata();
  const auto given = metadata.find(kRequestIdKey);
  if (given == metadata.end() || given->second.empty() ||
      given->second.size() > kGivenLengthMax ||
      !std::all_of(given->second.begin(), given->second.end(), IsIdCharacter)) {
    return RandomUuid();
  }
  return std::string(given->second.data(), given->second.size());
}

}  // namespace holdline
