#include "client/runner/readiness_probe.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline::client {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class ReadinessProbeTest : public testing::Test {
 protected:
  ReadinessProbeTest()
      : directory_(absl::StrCat(
            testing::TempDir(), "/",
            testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }

  std::string Path(const std::string& name) const {
    return absl::StrCat(directory_, "/", name);
  }

  // Why the machine is not ready.
  static std::string Fault(const absl::Status& status) {
    EXPECT_FALSE(status.ok());
    return std::string(status.message());
  }

  const std::string directory_;
};

TEST_F(ReadinessProbeTest, AMachineThatWorksIsReadyAndNothingIsLeftBehind) {
  const absl::Status status = ProbeReadiness(Path("a/b"), "/bin/sh");
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_TRUE(std::filesystem::is_empty(Path("a/b")));
}

TEST_F(ReadinessProbeTest, ADirectoryThatCannotBeMadeIsNamed) {
  std::ofstream(Path("file")) << "in the way";
  EXPECT_THAT(Fault(ProbeReadiness(Path("file/logs"), "/bin/sh")),
              AllOf(HasSubstr(Path("file/logs")), HasSubstr("ot a directory")));
}

TEST_F(ReadinessProbeTest, ADirectoryThatCannotBeWrittenIsNamed) {
  EXPECT_THAT(Fault(ProbeDirectory("/proc/self")),
              HasSubstr("write in /proc/self: "));
}

// The signal with which the system would say so is ignored, as the runner does.
TEST_F(ReadinessProbeTest, AFileThatCannotGrowIsNoticed) {
  const auto handler = signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  getrlimit(RLIMIT_FSIZE, &before);
  rlimit small = before;
  small.rlim_cur = 4096;
  setrlimit(RLIMIT_FSIZE, &small);
  const absl::Status status = ProbeDirectory(directory_);
  setrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, handler);
  EXPECT_THAT(Fault(status),
              AllOf(HasSubstr(directory_), HasSubstr("File too large")));
  EXPECT_TRUE(std::filesystem::is_empty(directory_));
}

TEST_F(ReadinessProbeTest, AShellThatIsNotThereIsNamed) {
  EXPECT_THAT(
      Fault(ProbeReadiness(directory_, "/nowhere/sh")),
      AllOf(HasSubstr("/nowhere/sh"), HasSubstr("No such file or directory")));
}

TEST_F(ReadinessProbeTest, AShellThatDoesNotRunCommandsIsNamed) {
  EXPECT_THAT(Fault(ProbeReadiness(directory_, "/bin/false")),
              AllOf(HasSubstr("/bin/false"), HasSubstr("exit code 1")));
}

TEST_F(ReadinessProbeTest, AWorkingDirectoryThatIsGoneIsNoticed) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::create_directories(Path("gone"));
  std::filesystem::current_path(Path("gone"));
  std::filesystem::remove(Path("gone"));
  const absl::Status status = ProbeReadiness(directory_, "/bin/sh");
  std::filesystem::current_path(before);
  EXPECT_THAT(Fault(status), HasSubstr("working directory"));
}

}  // namespace
}  // namespace holdline::client
