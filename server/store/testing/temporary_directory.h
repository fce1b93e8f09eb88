// A directory for one test.

#ifndef HOLDLINE_SERVER_STORE_TESTING_TEMPORARY_DIRECTORY_H_
#define HOLDLINE_SERVER_STORE_TESTING_TEMPORARY_DIRECTORY_H_

#include <cstdlib>
#include <filesystem>
#include <string>

#include "gtest/gtest.h"

namespace holdline {

// Empty and private at first; removed with all that is in it.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(const std::string& parent = testing::TempDir())
      : path_(parent + "/store-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) std::abort();
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_TESTING_TEMPORARY_DIRECTORY_H_
