#include "server/base/bounded_write.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "gtest/gtest.h"

namespace holdline {
namespace {

class BoundedWriteTest : public ::testing::Test {
 protected:
  BoundedWriteTest() {
    signal(SIGPIPE, SIG_IGN);
    EXPECT_EQ(pipe(ends_), 0);
  }
  ~BoundedWriteTest() override {
    close(ends_[0]);
    close(ends_[1]);
  }

  std::string Read(size_t count) {
    std::string text(count, '\0');
    size_t got = 0;
    while (got < count) {
      const ssize_t n = read(ends_[0], text.data() + got, count - got);
      if (n <= 0) break;
      got += static_cast<size_t>(n);
    }
    text.resize(got);
    return text;
  }

  // Writes until there is no room.
  size_t Fill() {
    size_t count = 0;
    while (
        WriteWithin(ends_[1], std::string(1000, 'x'), absl::ZeroDuration())) {
      count += 1000;
    }
    return count;
  }

  int ends_[2];
};

TEST_F(BoundedWriteTest, WhatThereIsRoomForIsWritten) {
  EXPECT_TRUE(WriteWithin(ends_[1], "ready\n", absl::ZeroDuration()));
  EXPECT_EQ(Read(6), "ready\n");
  EXPECT_TRUE(WriteWithin(ends_[1], "", absl::ZeroDuration()));
}

TEST_F(BoundedWriteTest, AFullPipeIsNotWaitedForLonger) {
  EXPECT_GT(Fill(), 0);
  EXPECT_FALSE(WriteWithin(ends_[1], "more", absl::Milliseconds(10)));
  absl::string_view rest = "more";
  EXPECT_TRUE(WriteSome(ends_[1], &rest, absl::ZeroDuration()));
  EXPECT_EQ(rest, "more");
}

TEST_F(BoundedWriteTest, APipeThatDoesNotBlockIsWaitedForToo) {
  fcntl(ends_[1], F_SETFL, O_NONBLOCK);
  Fill();
  EXPECT_FALSE(WriteWithin(ends_[1], "more", absl::ZeroDuration()));
}

TEST_F(BoundedWriteTest, ALongTextIsWrittenWhileSomebodyReads) {
  const std::string text(1 << 20, 'y');
  std::string got;
  std::thread reader([&] { got = Read(text.size()); });
  EXPECT_TRUE(WriteWithin(ends_[1], text, absl::Seconds(30)));
  reader.join();
  EXPECT_EQ(got, text);
}

TEST_F(BoundedWriteTest, AReaderThatIsGoneEndsIt) {
  close(ends_[0]);
  absl::string_view rest = "more";
  EXPECT_FALSE(WriteSome(ends_[1], &rest, absl::InfiniteDuration()));
  EXPECT_FALSE(WriteWithin(ends_[1], "more", absl::InfiniteDuration()));
}

}  // namespace
}  // namespace holdline
