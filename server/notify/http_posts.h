// HTTP posts that are underway, by libcurl.

#ifndef HOLDLINE_SERVER_NOTIFY_HTTP_POSTS_H_
#define HOLDLINE_SERVER_NOTIFY_HTTP_POSTS_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace holdline {

struct HttpPost {
  std::string url;  // as CheckWebhookUrl accepts it
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  // How long it may take, from the look-up of the name to the answer.
  absl::Duration timeout;

  // The certificates, in PEM, that the receiver's must stem from. Empty means
  // those that the system trusts.
  std::string authorities;
};

struct PostOutcome {
  int status = 0;  // 0 if there is no answer

  // Why there is none: `cannot connect: Connection refused`. Shows nothing of
  // the post.
  std::string error;
};

// Posts each over a connection of its own that is encrypted if the URL says so,
// with TLS 1.2 or later; then the receiver's certificate must be valid for the
// host. A redirection is an answer like any other. A proxy that the environment
// names is not used: who may be reached is told by the options alone. An answer
// is read as far as its headers, which have kAnswerBytesMax at most.
//
// Lives on one thread, but for Wake.
class HttpPosts {
 public:
  static constexpr size_t kAnswerBytesMax = 16 << 10;

  using Ended = std::function<void(const PostOutcome& answer)>;

  HttpPosts();

  // Gives up what is underway, without waiting for the network: a look-up of a
  // name, which the system does not let be stopped, is left to its own thread.
  ~HttpPosts();

  HttpPosts(const HttpPosts&) = delete;
  HttpPosts& operator=(const HttpPosts&) = delete;

  // Begins a post. Run calls `ended` when it has ended.
  void Begin(HttpPost post, Ended ended);

  // Goes on with what is underway, and tells of what has ended. Returns when
  // something has happened, after `wait` (at most a day), or after Wake.
  void Run(absl::Duration wait);

  // Ends the present Run, or the next one. Thread-safe.
  void Wake();

 private:
  class Transfer;

  void TellOfEnds();

  struct CloseMulti {
    void operator()(void* multi) const;
  };
  const std::unique_ptr<void, CloseMulti> multi_;

  // By their handles of libcurl. Goes before multi_.
  std::map<void*, std::unique_ptr<Transfer>> underway_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_NOTIFY_HTTP_POSTS_H_
