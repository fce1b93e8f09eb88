// The limit of open files and sockets of the process.

#ifndef HOLDLINE_SERVER_PROCESS_OPEN_FILES_H_
#define HOLDLINE_SERVER_PROCESS_OPEN_FILES_H_

namespace holdline {

// From now on this process may have as many as its hard limit says. The soft
// one, often 1,024, is for programs that use select(), and each gRPC connection
// takes two.
void AllowAllOpenFiles();

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PROCESS_OPEN_FILES_H_
