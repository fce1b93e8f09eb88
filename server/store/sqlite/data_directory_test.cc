#include "server/store/sqlite/data_directory.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/testing/bound_by_modes.h"
#include "server/store/testing/temporary_directory.h"

namespace holdline {
namespace {

using testing::HasSubstr;

mode_t ModeOf(const std::string& path) {
  struct stat found;
  return stat(path.c_str(), &found) == 0 ? found.st_mode & 07777 : 0;
}

// Holds a directory in another process until it is destroyed.
class Holder {
 public:
  explicit Holder(const std::string& path) {
    int ready[2];
    if (pipe(ready) != 0) std::abort();
    process_ = fork();
    if (process_ == 0) {
      auto claimed = DataDirectory::Claim(path);
      const char result = claimed.ok() ? 'y' : 'n';
      if (write(ready[1], &result, 1) == 1) pause();
      _exit(0);
    }
    char result = 'n';
    claimed_ = read(ready[0], &result, 1) == 1 && result == 'y';
    close(ready[0]);
    close(ready[1]);
  }
  ~Holder() {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }

  bool claimed() const { return claimed_; }
  pid_t process() const { return process_; }

 private:
  pid_t process_;
  bool claimed_;
};

class DataDirectoryTest : public testing::Test {
 protected:
  // Claims `path` and expects the refusal to say each of `words`.
  static void ExpectRefused(const std::string& path, absl::StatusCode code,
                            const std::vector<std::string>& words) {
    auto claimed = DataDirectory::Claim(path);
    ASSERT_FALSE(claimed.ok());
    EXPECT_EQ(claimed.status().code(), code);
    for (const std::string& word : words) {
      EXPECT_THAT(std::string(claimed.status().message()), HasSubstr(word));
    }
  }

  TemporaryDirectory parent_;
  const std::string path_ = parent_.path() + "/data";
};

TEST_F(DataDirectoryTest, CreatesADirectoryForThisUserAlone) {
  auto claimed = DataDirectory::Claim(path_ + "/");
  ASSERT_TRUE(claimed.ok()) << claimed.status();
  EXPECT_EQ(ModeOf(path_), 0700u);
  EXPECT_EQ((*claimed)->database_path(), path_ + "/holdline.db");
  ASSERT_TRUE((*claimed)->CreateDatabase().ok());
  ASSERT_TRUE((*claimed)->CreateDatabase().ok());
  EXPECT_EQ(ModeOf(path_ + "/holdline.db"), 0600u);
  EXPECT_EQ(ModeOf(path_ + "/holdline.lock"), 0600u);
}

TEST_F(DataDirectoryTest, NamesTheProcessThatHasTheDirectory) {
  Holder holder(path_);
  ASSERT_TRUE(holder.claimed());
  ExpectRefused(path_, absl::StatusCode::kFailedPrecondition,
                {path_, absl::StrCat("in use by process ", holder.process()),
                 "stop that process"});
}

TEST_F(DataDirectoryTest, IsHeldAlsoWhenItsFilesAreDeletedOrReplaced) {
  Holder holder(path_);
  ASSERT_TRUE(holder.claimed());
  ASSERT_EQ(unlink((path_ + "/holdline.lock").c_str()), 0);
  ExpectRefused(path_, absl::StatusCode::kFailedPrecondition,
                {path_, "in use by another process", "stop that process"});
  std::ofstream(path_ + "/holdline.lock") << "";
  ExpectRefused(path_, absl::StatusCode::kFailedPrecondition,
                {path_, "in use by another process"});
  // Under another name it is the same directory.
  const std::string other = parent_.path() + "/other";
  ASSERT_EQ(symlink(path_.c_str(), other.c_str()), 0);
  ExpectRefused(other, absl::StatusCode::kFailedPrecondition, {"in use"});
  ASSERT_EQ(unlink(other.c_str()), 0);
  ASSERT_EQ(rename(path_.c_str(), other.c_str()), 0);
  ExpectRefused(other, absl::StatusCode::kFailedPrecondition, {"in use"});
}

// Versions that do not lock the directory itself lock this file.
TEST_F(DataDirectoryTest, IsRefusedWhileAnEarlierVersionHasIt) {
  ASSERT_EQ(mkdir(path_.c_str(), 0700), 0);
  std::ofstream(path_ + "/holdline.lock") << "4711\n";
  const int lock = open((path_ + "/holdline.lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(lock, LOCK_EX | LOCK_NB), 0);
  ExpectRefused(path_, absl::StatusCode::kFailedPrecondition,
                {path_, "in use by process 4711"});
  close(lock);
  EXPECT_TRUE(DataDirectory::Claim(path_).ok());
}

TEST_F(DataDirectoryTest, IsFreeWhenItsHolderIsKilled) {
  { Holder holder(path_); }
  EXPECT_TRUE(DataDirectory::Claim(path_).ok());
}

TEST_F(DataDirectoryTest, IsRefusedWithinTheSameProcessToo) {
  auto claimed = DataDirectory::Claim(path_);
  ASSERT_TRUE(claimed.ok());
  ExpectRefused(path_, absl::StatusCode::kFailedPrecondition,
                {absl::StrCat("in use by process ", getpid())});
  claimed->reset();
  EXPECT_TRUE(DataDirectory::Claim(path_).ok());
}

TEST_F(DataDirectoryTest, RefusesADirectoryThatOthersMayWriteIn) {
  ASSERT_EQ(mkdir(path_.c_str(), 0755), 0);
  EXPECT_TRUE(DataDirectory::Claim(path_).ok());
  for (mode_t mode : {0770, 0702}) {
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
    ExpectRefused(path_, absl::StatusCode::kFailedPrecondition,
                  {path_, "other users", "chmod 700"});
  }
}

// Other users than root cannot give a directory away, but do not own this one.
TEST_F(DataDirectoryTest, RefusesADirectoryOfAnotherUser) {
  std::string path = "/";
  if (geteuid() == 0) {
    path = path_;
    ASSERT_EQ(mkdir(path.c_str(), 0700), 0);
    ASSERT_EQ(chown(path.c_str(), 65534, 65534), 0);
  }
  ExpectRefused(path, absl::StatusCode::kFailedPrecondition,
                {path, "belongs to user", "run it as the owner"});
}

TEST_F(DataDirectoryTest, RefusesWhatIsNoDirectory) {
  std::ofstream(path_) << "x";
  ExpectRefused(path_, absl::StatusCode::kFailedPrecondition,
                {path_, "is not a directory"});
  ExpectRefused("", absl::StatusCode::kFailedPrecondition, {"no name"});
}

TEST_F(DataDirectoryTest, AsksForADirectoryAboveThatIsMissing) {
  ExpectRefused(path_ + "/deeper", absl::StatusCode::kUnavailable,
                {path_ + "/deeper", "create the directory above"});
}

TEST_F(DataDirectoryTest, SaysThatADirectoryCannotBeWritten) {
  ASSERT_EQ(mkdir(path_.c_str(), 0500), 0);
  BoundByModes bound;
  ExpectRefused(path_, absl::StatusCode::kUnavailable,
                {path_, "cannot be written", "make it writable"});
}

}  // namespace
}  // namespace holdline
