#include "server/process/core_dumps.h"

#include <sys/prctl.h>

namespace holdline {

void ForbidCoreDumps() {
  // Unlike a limit of 0 on their size, this also holds where the kernel pipes
  // dumps to a program.
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace holdline
