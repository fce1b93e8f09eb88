#include "server/contract/request_arena.h"

#include "server/base/large_blocks.h"

namespace holdline {

google::protobuf::ArenaOptions RequestArenaOptions(char* block,
                                                   size_t block_bytes) {
  google::protobuf::ArenaOptions options;
  options.initial_block = block;
  options.initial_block_size = block_bytes;
  options.max_block_size = kLargeBlockBytes;
  return options;
}

}  // namespace holdline
