#include "server/metrics/page_server.h"

#include <chrono>
#include <list>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "boost/asio/as_tuple.hpp"
#include "boost/asio/awaitable.hpp"
#include "boost/asio/co_spawn.hpp"
#include "boost/asio/detached.hpp"
#include "boost/asio/io_context.hpp"
#include "boost/asio/ip/tcp.hpp"
#include "boost/asio/ssl/stream.hpp"
#include "boost/asio/steady_timer.hpp"
#include "boost/asio/use_awaitable.hpp"
#include "boost/beast/core/flat_buffer.hpp"
#include "boost/beast/core/tcp_stream.hpp"
#include "boost/beast/http.hpp"

namespace holdline {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr size_t kConnectionsMax = 64;
constexpr int kHeaderBytesMax = 8192;
constexpr std::chrono::seconds kRequestTime(10);

// How long to wait before the next connection is accepted if that failed, as it
// does for want of file descriptors.
constexpr std::chrono::milliseconds kAcceptPause(100);

// Awaits a result together with its error instead of throwing.
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

absl::string_view View(beast::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

class PageServer::Loop {
 public:
  Loop(std::vector<Page> pages, Encryption encryption)
      : pages_(std::move(pages)),
        encryption_(std::move(encryption)),
        acceptor_(context_) {}

  ~Loop() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }

  absl::Status Start(const ListenAddress& address) {
    address_ = address;
    const error_code error = Listen();
    if (error) {
      return absl::UnavailableError(
          absl::StrCat("cannot listen on ", ToString(address), " for ", Paths(),
                       ": ", error.message()));
    }
    asio::co_spawn(context_, Accept(), asio::detached);
    thread_ = std::thread([this] { context_.run(); });
    return absl::OkStatus();
  }

  const ListenAddress& address() const { return address_; }

 private:
  using Request = http::request<http::empty_body>;
  using Response = http::response<http::string_body>;

  // The connections, the one that has waited longest for its caller first.
  using Queue = std::list<beast::tcp_stream*>;

  // A connection's place among the others, as long as it lives.
  class Place {
   public:
    Place(beast::tcp_stream* stream, Queue* queue)
        : queue_(queue), place_(queue->insert(queue->end(), stream)) {}
    ~Place() { queue_->erase(place_); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    // The caller has done its part, and is waited for anew.
    void Renew() { queue_->splice(queue_->end(), *queue_, place_); }

   private:
    Queue* const queue_;
    const Queue::iterator place_;
  };

  error_code Listen() {
    error_code error;
    const auto host = asio::ip::make_address(address_.host, error);
    const tcp::endpoint endpoint(host, address_.port);
    if (!error) acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(kConnectionsMax, error);
    if (!error) address_.port = acceptor_.local_endpoint(error).port();
    return error;
  }

  asio::awaitable<void> Accept() {
    for (;;) {
      auto [error, socket] = co_await acceptor_.async_accept(kAwait);
      if (error) {
        asio::steady_timer pause(context_, kAcceptPause);
        co_await pause.async_wait(kAwait);
      } else {
        if (connections_.size() >= kConnectionsMax) CloseTheMostSilent();
        asio::co_spawn(context_, Serve(std::move(socket)), asio::detached);
      }
    }
  }

  // It has ended when this thread comes to it, and until then is the last in
  // the queue. While a page is made nobody is waited for, so who is served does
  // not have to go.
  void CloseTheMostSilent() {
    connections_.front()->close();
    connections_.splice(connections_.end(), connections_, connections_.begin());
  }

  asio::awaitable<void> Serve(tcp::socket socket) {
    beast::tcp_stream stream(std::move(socket));
    Place place(&stream, &connections_);
    if (encryption_ == nullptr) {
      co_await Converse(stream, &place);
    } else {
      co_await ServeEncrypted(stream, &place);
    }
    error_code ignored;
    stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  asio::awaitable<void> ServeEncrypted(beast::tcp_stream& stream,
                                       Place* place) {
    const std::shared_ptr<asio::ssl::context> keys = encryption_();
    asio::ssl::stream<beast::tcp_stream&> encrypted(stream, *keys);
    stream.expires_after(kRequestTime);
    auto [error] = co_await encrypted.async_handshake(
        asio::ssl::stream_base::server, kAwait);
    if (error) co_return;
    co_await Converse(encrypted, place);
    stream.expires_after(kRequestTime);
    co_await encrypted.async_shutdown(kAwait);
  }

  // Answers one request after the other.
  template <typename Stream>
  asio::awaitable<void> Converse(Stream& stream, Place* place) {
    beast::flat_buffer buffer;
    for (bool go_on = true; go_on;) {
      http::request_parser<http::empty_body> parser;
      parser.header_limit(kHeaderBytesMax);
      parser.body_limit(0);
      beast::get_lowest_layer(stream).expires_after(kRequestTime);
      auto [error, bytes] =
          co_await http::async_read(stream, buffer, parser, kAwait);
      if (error) break;
      place->Renew();
      Response response = Answer(parser.get());
      go_on = response.keep_alive();
      beast::get_lowest_layer(stream).expires_after(kRequestTime);
      std::tie(error, bytes) =
          co_await http::async_write(stream, response, kAwait);
      if (error) break;
    }
  }

  Response Answer(const Request& request) const {
    Response response(http::status::ok, request.version());
    response.keep_alive(request.keep_alive());
    const bool head = request.method() == http::verb::head;
    if (const Page* const page = Find(request.target()); page == nullptr) {
      response.result(http::status::not_found);
      response.body() = absl::StrCat("There is only ", Paths(), ".\n");
    } else if (head || request.method() == http::verb::get) {
      Show(*page, request, response);
    } else {
      response.result(http::status::method_not_allowed);
      response.set(http::field::allow, "GET, HEAD");
    }
    response.prepare_payload();
    if (head) response.body().clear();
    return response;
  }

  // The page of a target, whose query does not matter; null if there is none.
  const Page* Find(beast::string_view target) const {
    const auto path = target.substr(0, target.find('?'));
    for (const Page& page : pages_) {
      if (path == beast::string_view(page.path)) return &page;
    }
    return nullptr;
  }

  static void Show(const Page& page, const Request& request,
                   Response& response) {
    PageAnswer answer = page.make({View(request[http::field::authorization]),
                                   View(request[http::field::host]),
                                   request.count(http::field::origin) > 0});
    response.result(static_cast<unsigned>(answer.status));
    response.set(http::field::content_type, page.content_type);
    if (response.result() == http::status::unauthorized) {
      response.set(http::field::www_authenticate,
                   "Basic realm=\"holdline\", charset=\"UTF-8\"");
    }
    response.body() = std::move(answer.content);
  }

  std::string Paths() const {
    return absl::StrJoin(pages_, ", ", [](std::string* out, const Page& page) {
      out->append(page.path);
    });
  }

  const std::vector<Page> pages_;
  const Encryption encryption_;  // null without TLS
  ListenAddress address_;
  Queue connections_;
  asio::io_context context_{1};
  tcp::acceptor acceptor_;
  std::thread thread_;
};

absl::StatusOr<std::unique_ptr<PageServer>> PageServer::Start(
    const ListenAddress& address, std::vector<Page> pages,
    Encryption encryption) {
  auto loop = std::make_unique<Loop>(std::move(pages), std::move(encryption));
  const absl::Status status = loop->Start(address);
  if (!status.ok()) return status;
  return std::unique_ptr<PageServer>(new PageServer(std::move(loop)));
}

PageServer::PageServer(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}

PageServer::~PageServer() = default;

const ListenAddress& PageServer::address() const { return loop_->address(); }

}  // namespace holdline
