#include "server/rpc/connections/known_addresses_file.h"

#include <cstddef>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "server/auth/credentials/secret_file.h"

namespace holdline {
namespace {

// More than the connections that there may be.
constexpr size_t kBytesMax = size_t{8} << 20;

}  // namespace

absl::Status WriteKnownAddresses(const std::string& path,
                                 const ConnectionsByAddress& known) {
  std::string lines;
  for (const auto& [address, connections] : known) {
    absl::StrAppend(&lines, connections, " ", address, "\n");
  }
  return WriteSecretFile(path, lines);
}

ConnectionsByAddress ReadKnownAddresses(const std::string& path) {
  ConnectionsByAddress known;
  const auto lines = ReadSecretFile(path, "file of addresses", kBytesMax);
  if (!lines.ok()) return known;
  for (const absl::string_view line : absl::StrSplit(*lines, '\n')) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(line, absl::MaxSplits(' ', 1));
    int connections = 0;
    if (absl::SimpleAtoi(parts.first, &connections) && connections > 0 &&
        !parts.second.empty()) {
      known[std::string(parts.second)] = connections;
    }
  }
  return known;
}

}  // namespace holdline
