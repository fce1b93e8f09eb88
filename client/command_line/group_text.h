// Worker groups in words.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_GROUP_TEXT_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_GROUP_TEXT_H_

#include <string>

#include "absl/time/time.h"
#include "holdline/v1/operator.pb.h"

namespace holdline::client {

// What a group may do: `open`, `paused`, `draining` or `paused, draining`.
std::string GroupSetting(const v1::Group& group);

// How many polls are held, and how many of them rest: `3`, or `3, of them 1
// drained`.
std::string PollsText(const v1::Group& group);

// Since when its oldest ready task has been ready: `12 s ago`; empty if none
// is.
std::string OldestText(const v1::Group& group, absl::Time now);

// All of it in a line: `blue: 3 ready (the oldest 12 s ago), 0 delayed, 2 at
// work, 4 polls held, open`.
std::string GroupLine(const v1::Group& group, absl::Time now);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_GROUP_TEXT_H_
