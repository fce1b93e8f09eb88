// A small HTTP server of a few pages, generated for each request.

#ifndef HOLDLINE_SERVER_METRICS_PAGE_SERVER_H_
#define HOLDLINE_SERVER_METRICS_PAGE_SERVER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "boost/asio/ssl/context.hpp"
#include "server/base/listen_address.h"

namespace holdline {

// The requester of a page, from its headers; views into the request.
struct PageCaller {
  absl::string_view authorization;  // empty without the header
  absl::string_view host;           // likewise
  bool has_origin = false;          // sent by browsers for a page of others'
};

struct PageAnswer {
  // The HTTP status. 401 asks for name and password.
  int status = 200;
  std::string content;
};

struct Page {
  std::string path;  // such as `/metrics`
  std::string content_type;

  // Called on the server's thread, for one caller at a time; may block for a
  // moment.
  std::function<PageAnswer(const PageCaller&)> make;
};

// Has one thread. A client is given ten seconds for the TLS handshake, ten for
// a request, 8 KiB for headers and no body. At most 64 connections: for a
// further one, the one that has been silent the longest is closed, so that
// silent clients block nobody.
class PageServer {
 public:
  // Returns what a new connection speaks TLS with. Called on the server's
  // thread.
  using Encryption =
      std::function<std::shared_ptr<boost::asio::ssl::context>()>;

  // Starts to serve, without TLS if `encryption` is null. UNAVAILABLE, which
  // says why: the address cannot be listened on.
  static absl::StatusOr<std::unique_ptr<PageServer>> Start(
      const ListenAddress& address, std::vector<Page> pages,
      Encryption encryption = nullptr);

  // Closes all connections once the page that is being made is done.
  ~PageServer();

  PageServer(const PageServer&) = delete;
  PageServer& operator=(const PageServer&) = delete;

  // Where it listens, with the real port.
  const ListenAddress& address() const;

 private:
  class Loop;

  explicit PageServer(std::unique_ptr<Loop> loop);

  const std::unique_ptr<Loop> loop_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_METRICS_PAGE_SERVER_H_
