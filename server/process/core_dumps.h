// Keeps what the process has in memory out of files.

#ifndef HOLDLINE_SERVER_PROCESS_CORE_DUMPS_H_
#define HOLDLINE_SERVER_PROCESS_CORE_DUMPS_H_

namespace holdline {

// From now on a crash of this process leaves no core dump, and other processes
// of the same user, but not of root, can neither trace it nor read its memory.
void ForbidCoreDumps();

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PROCESS_CORE_DUMPS_H_
