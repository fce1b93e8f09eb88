// Suggestion for a mistyped name.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_VERB_NEAREST_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_VERB_NEAREST_H_

#include <optional>
#include <string>
#include <vector>

namespace holdline::client {

// The name at the smallest edit distance (insertions, deletions, substitutions,
// transpositions) from `typed`. Absent if that is more than a third of its
// length.
std::optional<std::string> Nearest(const std::string& typed,
                                   const std::vector<std::string>& names);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_VERB_NEAREST_H_
