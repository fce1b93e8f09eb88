// The frame that `holdline top` shows at a moment.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_TOP_FRAME_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_TOP_FRAME_H_

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "client/command_line/watched_groups.h"

namespace holdline::client {

// How fast backlogs grow: the change of each group's ready tasks a second, over
// the last ten seconds or what is known of them. Not thread-safe.
class BacklogTrend {
 public:
  // Notes how the groups are at `now`, which only rises.
  void Note(const WatchedGroups::ByName& groups, absl::Time now);

  // As of the last Note: negative if the backlog shrinks. Zero while too little
  // is known.
  double PerSecond(const std::string& group) const;

 private:
  struct Sample {
    absl::Time at;
    std::map<std::string, int64_t> ready;
  };

  std::deque<Sample> samples_;  // the oldest first
};

// What a frame is made of.
struct TopView {
  const WatchedGroups::ByName& groups;
  const BacklogTrend& trend;
  absl::Time now;

  // By which column: `ready`, `oldest`, `delayed`, `at-work`, `polls`, all with
  // the most first, or `name`.
  std::string sort = "ready";

  // The most lines and characters a line, of which there are at least two.
  size_t lines_max = SIZE_MAX;
  size_t columns_max = SIZE_MAX;
};

// The names that `sort` may be.
const std::vector<std::string>& TopSorts();

// A line that sums up, and a table. Groups beyond the last line are counted.
std::string TopFrame(const TopView& view);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_TOP_FRAME_H_
