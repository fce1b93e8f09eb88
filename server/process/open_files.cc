#include "server/process/open_files.h"

#include <sys/resource.h>

namespace holdline {

void AllowAllOpenFiles() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace holdline
