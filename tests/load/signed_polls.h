// Callers that send signed polls over HTTP, one after the other.

#ifndef HOLDLINE_TESTS_LOAD_SIGNED_POLLS_H_
#define HOLDLINE_TESTS_LOAD_SIGNED_POLLS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "boost/asio/io_context.hpp"

namespace holdline::load {

// Who signs.
inline constexpr char kLoadAccessKey[] = "HOLDLINELOAD0001";
inline constexpr char kLoadSecret[] = "the-secret-of-the-load-generator";

// Used by one thread.
class SignedPolls {
 public:
  // Connects `callers` times to `address`, `HOST:PORT`. Throws what Asio does
  // if nobody listens there.
  SignedPolls(const std::string& address, int callers);
  ~SignedPolls();

  // Polls for that long. UNAVAILABLE: a connection failed, or a poll was
  // answered with an error, which is told.
  absl::Status Run(absl::Duration duration);

  // How many polls have been answered.
  int64_t answered() const { return answered_; }

 private:
  class Caller;

  boost::asio::io_context context_{1};
  std::vector<std::unique_ptr<Caller>> callers_;
  absl::Status error_;
  int64_t answered_ = 0;
  int64_t sent_ = 0;
};

}  // namespace holdline::load

#endif  // HOLDLINE_TESTS_LOAD_SIGNED_POLLS_H_
