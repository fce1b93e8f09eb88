// The three descriptors that every process is given.

#ifndef HOLDLINE_SERVER_PROCESS_STANDARD_STREAMS_H_
#define HOLDLINE_SERVER_PROCESS_STANDARD_STREAMS_H_

namespace holdline {

// Opens /dev/null in place of those of standard input, output and error that
// are closed. Otherwise the next file that is opened, a lock or a database,
// gets the descriptor, and what is printed goes into it. Before anything else:
// open_standard_streams.h sees to that.
void OpenStandardStreams();

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PROCESS_STANDARD_STREAMS_H_
