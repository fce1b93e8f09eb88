// Large blocks of memory that were freed do not stay with the process.

#ifndef HOLDLINE_SERVER_BASE_LARGE_BLOCKS_H_
#define HOLDLINE_SERVER_BASE_LARGE_BLOCKS_H_

#include <cstddef>

namespace holdline {

// How many bytes make a block a large one.
inline constexpr size_t kLargeBlockBytes = size_t{1} << 20;

// From now on this process gives each large block back to the system when it is
// freed, and no more than two of them at the end of a heap. glibc alone would
// take the first large block as a sign that there are more to come, and from
// then on keep blocks of up to 32 MiB.
void GiveBackLargeBlocks();

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BASE_LARGE_BLOCKS_H_
