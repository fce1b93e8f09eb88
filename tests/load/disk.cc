#include "tests/load/disk.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace holdline::load {
namespace {

constexpr size_t kWriteBytes = 8192;
constexpr int kWritesPerFile = 128;

// Writes the part of the file with that number. Returns how long the disk took
// to have it.
absl::StatusOr<absl::Duration> WriteAndSync(int file, int number) {
  const std::vector<char> bytes(kWriteBytes, static_cast<char>(number));
  const off_t place = static_cast<off_t>(number % kWritesPerFile) *
                      static_cast<off_t>(kWriteBytes);
  const bool written = pwrite(file, bytes.data(), bytes.size(), place) ==
                       static_cast<ssize_t>(bytes.size());
  const absl::Time start = absl::Now();
  if (!written || fdatasync(file) != 0) {
    return absl::ErrnoToStatus(errno, "cannot write and sync a file");
  }
  return absl::Now() - start;
}

absl::StatusOr<Latency> MeasureSyncsOf(int file, int count) {
  std::vector<absl::Duration> samples;
  // The first pass makes the file.
  for (int i = 0; i < kWritesPerFile + count; ++i) {
    const absl::StatusOr<absl::Duration> sample = WriteAndSync(file, i);
    if (!sample.ok()) return sample.status();
    if (i >= kWritesPerFile) samples.push_back(*sample);
  }
  return LatencyOf(samples);
}

}  // namespace

absl::StatusOr<Latency> MeasureSyncs(const std::string& directory, int count) {
  const std::string path = absl::StrCat(directory, "/sync");
  const int file = open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot write ", path));
  }
  const absl::StatusOr<Latency> latency = MeasureSyncsOf(file, count);
  close(file);
  unlink(path.c_str());
  return latency;
}

bool IsInMemory(const std::string& directory) {
  struct statfs filesystem {};
  return statfs(directory.c_str(), &filesystem) == 0 &&
         (filesystem.f_type == TMPFS_MAGIC || filesystem.f_type == RAMFS_MAGIC);
}

}  // namespace holdline::load
