#include "server/notify/webhook.h"

#include <openssl/ssl.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "boost/asio/as_tuple.hpp"
#include "boost/asio/ip/address.hpp"
#include "boost/asio/ssl/host_name_verification.hpp"
#include "boost/asio/this_coro.hpp"
#include "boost/asio/use_awaitable.hpp"
#include "boost/beast/core/flat_buffer.hpp"
#include "boost/beast/core/tcp_stream.hpp"
#include "boost/beast/http.hpp"
#include "boost/beast/ssl/ssl_stream.hpp"
#include "server/auth/credentials/key_file.h"
#include "server/base/version.h"
#include "server/notify/name_lookup.h"

namespace holdline {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr int kHttpVersion = 11;

// Awaits a result together with its error instead of throwing.
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

TryResult Failed(absl::string_view what, error_code error) {
  return {.outcome = TryOutcome::kTryAgain,
          .reason = absl::StrCat(what, ": ", error.message())};
}

TryResult Judge(unsigned status) {
  constexpr unsigned kRequestTimeout = 408;
  constexpr unsigned kTooManyRequests = 429;
  TryResult result = {.outcome = TryOutcome::kGiveUp,
                      .reason = absl::StrCat("answered ", status)};
  if (status / 100 == 2) {
    result.outcome = TryOutcome::kDelivered;
  } else if (status / 100 == 5 || status == kRequestTimeout ||
             status == kTooManyRequests) {
    result.outcome = TryOutcome::kTryAgain;
  }
  return result;
}

template <typename Stream, typename Request>
asio::awaitable<TryResult> Exchange(Stream& stream, const Request& request) {
  const auto [write_error, written] =
      co_await http::async_write(stream, request, kAwait);
  if (write_error) co_return Failed("cannot send", write_error);
  beast::flat_buffer buffer(Webhook::kAnswerBytesMax);
  for (;;) {
    http::response_parser<http::empty_body> parser;
    parser.header_limit(Webhook::kAnswerBytesMax);
    parser.body_limit(boost::none);
    const auto [read_error, read] =
        co_await http::async_read_header(stream, buffer, parser, kAwait);
    if (read_error) co_return Failed("no answer", read_error);
    // What is 1xx only announces the answer.
    const unsigned status = parser.get().result_int();
    if (status / 100 != 1) co_return Judge(status);
  }
}

template <typename Request>
asio::awaitable<TryResult> ExchangeEncrypted(beast::tcp_stream stream,
                                             const std::string& host,
                                             asio::ssl::context& encryption,
                                             const Request& request) {
  beast::ssl_stream<beast::tcp_stream> encrypted(std::move(stream), encryption);
  error_code error;
  encrypted.set_verify_callback(asio::ssl::host_name_verification(host), error);
  if (error) co_return Failed("cannot encrypt", error);
  error_code not_an_address;
  asio::ip::make_address(host, not_an_address);
  if (not_an_address) {
    SSL_set_tlsext_host_name(encrypted.native_handle(), host.c_str());
  }
  std::tie(error) = co_await encrypted.async_handshake(
      asio::ssl::stream_base::client, kAwait);
  if (error) co_return Failed("cannot encrypt", error);
  co_return co_await Exchange(encrypted, request);
}

absl::Status Refused(absl::string_view option, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(option, ": ", why));
}

absl::Status Trust(const std::string& ca_file, asio::ssl::context* encryption) {
  encryption->set_verify_mode(asio::ssl::verify_peer);
  SSL_CTX_set_min_proto_version(encryption->native_handle(), TLS1_2_VERSION);
  error_code error;
  if (ca_file.empty()) {
    encryption->set_default_verify_paths(error);
  } else {
    encryption->load_verify_file(ca_file, error);
  }
  if (!error) return absl::OkStatus();
  return Refused("alarm-webhook-ca-file",
                 absl::StrCat("cannot be read: ", error.message()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Webhook>> Webhook::Create(
    const NotifyOptions& options) {
  absl::StatusOr<WebhookUrl> url = ReadWebhookUrl(options.url);
  if (!url.ok()) return Refused("alarm-webhook-url", url.status().message());
  absl::StatusOr<std::string> key = ReadKeyFile(options.key_file);
  if (!key.ok()) {
    return Refused("alarm-webhook-key-file", key.status().message());
  }
  std::unique_ptr<Webhook> webhook(
      new Webhook(*std::move(url), *std::move(key), options.timeout));
  absl::Status status = Trust(options.ca_file, &webhook->encryption_);
  if (!status.ok()) return status;
  return webhook;
}

Webhook::Webhook(WebhookUrl url, std::string key, absl::Duration timeout)
    : url_(std::move(url)),
      key_(std::move(key)),
      timeout_(absl::ToChronoNanoseconds(timeout)),
      encryption_(asio::ssl::context::tls_client) {}

asio::awaitable<TryResult> Webhook::Post(const SnsMessage& message,
                                         absl::Time now) {
  const auto deadline = std::chrono::steady_clock::now() + timeout_;
  const FoundHost found = co_await FindHost(url_.host, url_.port, deadline);
  if (found.error) co_return Failed("cannot find the host", found.error);
  beast::tcp_stream stream(co_await asio::this_coro::executor);
  // Holds for all that follows, not for each step.
  stream.expires_at(deadline);
  const auto [error, endpoint] =
      co_await stream.async_connect(found.endpoints, kAwait);
  if (error) co_return Failed("cannot connect", error);
  const Request request = MakeRequest(message, now);
  if (!url_.encrypted) co_return co_await Exchange(stream, request);
  co_return co_await ExchangeEncrypted(std::move(stream), url_.host,
                                       encryption_, request);
}

Webhook::Request Webhook::MakeRequest(const SnsMessage& message,
                                      absl::Time now) const {
  Request request(http::verb::post, url_.target, kHttpVersion);
  request.set(http::field::host, url_.authority);
  request.set(http::field::user_agent, absl::StrCat("holdline/", kVersion));
  for (const auto& [name, value] : message.headers) request.set(name, value);
  request.set(kSignatureHeader, SignatureOf(message.body, key_, now));
  request.keep_alive(false);
  request.body() = message.body;
  request.prepare_payload();
  return request;
}

}  // namespace holdline
