// Opens the standard streams (standard_streams.h) of the program whose `main`
// is in the file that includes this.
//
// Before main, libraries that are loaded with the program open descriptors of
// their own, gRPC's an eventfd, and would get those of closed streams. What
// stands in .preinit_array runs before theirs.

#ifndef HOLDLINE_SERVER_PROCESS_OPEN_STANDARD_STREAMS_H_
#define HOLDLINE_SERVER_PROCESS_OPEN_STANDARD_STREAMS_H_

#include "server/process/standard_streams.h"

namespace holdline {

__attribute__((section(".preinit_array"),
               used)) static void (*const kOpenStandardStreams)() =
    &OpenStandardStreams;

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PROCESS_OPEN_STANDARD_STREAMS_H_
