#include "server/process/standard_streams.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gtest/gtest.h"

namespace holdline {
namespace {

bool IsDevNull(int descriptor) {
  struct stat given;
  struct stat null;
  return fstat(descriptor, &given) == 0 && stat("/dev/null", &null) == 0 &&
         given.st_rdev == null.st_rdev && given.st_ino == null.st_ino;
}

// In a process of its own, whose standard streams nobody needs.
TEST(StandardStreamsDeathTest, ClosedOnesAreDevNullAndOthersStayAsTheyAre) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  for (int closed = 0; closed < 8; ++closed) {
    EXPECT_EXIT(
        {
          const int kept = open("/", O_RDONLY);
          for (int descriptor = 0; descriptor < 3; ++descriptor) {
            dup2(kept, descriptor);
          }
          close(kept);
          for (int descriptor = 0; descriptor < 3; ++descriptor) {
            if ((closed & (1 << descriptor)) != 0) close(descriptor);
          }
          OpenStandardStreams();
          bool good = true;
          for (int descriptor = 0; descriptor < 3; ++descriptor) {
            good &=
                IsDevNull(descriptor) == ((closed & (1 << descriptor)) != 0);
          }
          _exit(good ? 0 : 1);
        },
        testing::ExitedWithCode(0), "");
  }
}

}  // namespace
}  // namespace holdline
