#include "server/process/open_files.h"

#include <sys/resource.h>

#include "gtest/gtest.h"

namespace holdline {
namespace {

TEST(OpenFilesTest, TheHardLimitCounts) {
  rlimit limit;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  const rlim_t most = limit.rlim_max;
  limit.rlim_cur = most / 2;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  AllowAllOpenFiles();
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(limit.rlim_cur, most);
}

}  // namespace
}  // namespace holdline
