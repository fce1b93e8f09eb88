// What somebody may have meant to type.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_NEAREST_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_NEAREST_H_

#include <optional>
#include <string>
#include <vector>

namespace holdline::client {

// The name that takes the fewest typing slips (a letter too many, too few,
// wrong, or swapped with its neighbour) to become `typed`. Absent if even that
// one takes more than a third of its length.
std::optional<std::string> Nearest(const std::string& typed,
                                   const std::vector<std::string>& names);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_NEAREST_H_
