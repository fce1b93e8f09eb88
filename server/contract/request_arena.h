// The arena in which a request is parsed.

#ifndef HOLDLINE_SERVER_CONTRACT_REQUEST_ARENA_H_
#define HOLDLINE_SERVER_CONTRACT_REQUEST_ARENA_H_

#include <cstddef>

#include "google/protobuf/arena.h"

namespace holdline {

// Returns the options of such an arena, which begins in `block` if there is
// one. What a large request takes is asked for in large blocks, which go back
// to the system as a whole (large_blocks.h).
google::protobuf::ArenaOptions RequestArenaOptions(char* block = nullptr,
                                                   size_t block_bytes = 0);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_CONTRACT_REQUEST_ARENA_H_
