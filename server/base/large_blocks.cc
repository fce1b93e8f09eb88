#include "server/base/large_blocks.h"

#include <malloc.h>

namespace holdline {

void GiveBackLargeBlocks() {
  mallopt(M_MMAP_THRESHOLD, kLargeBlockBytes);
  mallopt(M_TRIM_THRESHOLD, 2 * kLargeBlockBytes);
}

}  // namespace holdline
