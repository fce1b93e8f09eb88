#include "client/command_line/verb/nearest.h"

#include <algorithm>

namespace holdline::client {
namespace {

size_t Slips(const std::string& a, const std::string& b) {
  // slips[i][j]: from the first i letters of a to the first j of b.
  std::vector<std::vector<size_t>> slips(a.size() + 1,
                                         std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        slips[i][j] = i + j;
        continue;
      }
      const size_t wrong = a[i - 1] == b[j - 1] ? 0 : 1;
      slips[i][j] = std::min({slips[i - 1][j] + 1, slips[i][j - 1] + 1,
                              slips[i - 1][j - 1] + wrong});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        slips[i][j] = std::min(slips[i][j], slips[i - 2][j - 2] + 1);
      }
    }
  }
  return slips[a.size()][b.size()];
}

}  // namespace

std::optional<std::string> Nearest(const std::string& typed,
                                   const std::vector<std::string>& names) {
  std::optional<std::string> nearest;
  size_t fewest = 0;
  for (const std::string& name : names) {
    const size_t slips = Slips(typed, name);
    if (slips > std::max<size_t>(1, name.size() / 3)) continue;
    if (!nearest.has_value() || slips < fewest) {
      nearest = name;
      fewest = slips;
    }
  }
  return nearest;
}

}  // namespace holdline::client
