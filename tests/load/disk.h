// Latency of the disk itself.

#ifndef HOLDLINE_TESTS_LOAD_DISK_H_
#define HOLDLINE_TESTS_LOAD_DISK_H_

#include <string>

#include "absl/status/statusor.h"
#include "tests/load/latency.h"

namespace holdline::load {

// How long fdatasync takes after a write of 8 KiB over what a file in
// `directory` already has, as in a write-ahead log that is used again.
absl::StatusOr<Latency> MeasureSyncs(const std::string& directory, int count);

// Whether files in `directory` are kept in memory only.
bool IsInMemory(const std::string& directory);

}  // namespace holdline::load

#endif  // HOLDLINE_TESTS_LOAD_DISK_H_
