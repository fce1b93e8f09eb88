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

  // The error if there is no answer: `cannot connect: Connection refused`.
  // Contains nothing of the post.
  std::string error;
};

// Posts each request over a connection of its own, with TLS 1.2 or later if the
// URL says so; the certificate of the receiver must then be valid for the host.
// Redirects are not followed. Proxies of the environment are not used: only the
// options decide where requests go. An answer is read up to its headers, at
// most kAnswerBytesMax.
//
// Used on one thread, but for Wake.
class HttpPosts {
 public:
  static constexpr size_t kAnswerBytesMax = 16 << 10;

  using Ended = std::function<void(const PostOutcome& answer)>;

  HttpPosts();

  // Cancels the posts under way without waiting for the network: a name
  // look-up, which cannot be cancelled, ends on its own thread.
  ~HttpPosts();

  HttpPosts(const HttpPosts&) = delete;
  HttpPosts& operator=(const HttpPosts&) = delete;

  // Begins a post. Run calls `ended` when it has ended.
  void Begin(HttpPost post, Ended ended);

  // Works on the posts under way, and calls `ended` for those that have ended.
  // Returns after progress, after `wait` (at most a day), or after Wake.
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
