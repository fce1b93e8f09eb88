// An owned file descriptor, closed on destruction.

#ifndef HOLDLINE_SERVER_RPC_CONNECTIONS_FILE_DESCRIPTOR_H_
#define HOLDLINE_SERVER_RPC_CONNECTIONS_FILE_DESCRIPTOR_H_

#include <unistd.h>

#include <utility>

namespace holdline {

class FileDescriptor {
 public:
  FileDescriptor() = default;

  // Takes `number`, which is negative if there is no open file.
  explicit FileDescriptor(int number) : number_(number) {}

  ~FileDescriptor() { Reset(); }

  FileDescriptor(FileDescriptor&& other) noexcept : number_(other.Release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    Reset();
    number_ = other.Release();
    return *this;
  }

  bool valid() const { return number_ >= 0; }
  int get() const { return number_; }

  // Closes it now.
  void Reset() {
    if (valid()) close(Release());
  }

  // Leaves it to the caller.
  int Release() { return std::exchange(number_, -1); }

 private:
  int number_ = -1;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CONNECTIONS_FILE_DESCRIPTOR_H_
