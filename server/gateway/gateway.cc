#include "server/gateway/gateway.h"

#include <chrono>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "boost/asio/ip/address.hpp"
#include "boost/asio/post.hpp"
#include "server/base/listen_address.h"
#include "server/base/uuid.h"
#include "server/gateway/answer.h"

namespace holdline {
namespace {

namespace asio = boost::asio;

using tcp = asio::ip::tcp;
using Error = boost::system::error_code;

constexpr int kBacklog = 1024;

// The wait after a failed accept, as when there are too many open files.
constexpr std::chrono::milliseconds kAcceptPause(100);

// The answer to those who come when there are too many connections.
std::string TooManyConnections() {
  const HttpAnswer answer = ErrorAnswer(
      {503, "ServiceUnavailable", "Too many connections. Try again later."},
      RandomUuid());
  return absl::StrCat(HeadOf(answer, /*kept=*/false), answer.body);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Gateway>> Gateway::Start(
    const GatewayOptions& options, GatewayCollaborators collaborators) {
  std::unique_ptr<Gateway> gateway(
      new Gateway(options, std::move(collaborators)));
  absl::Status status = gateway->OpenCertificates();
  if (status.ok()) status = gateway->Listen();
  if (!status.ok()) return status;
  gateway->Accept();
  gateway->thread_ = std::thread([gateway = gateway.get()] {
    gateway->context_.run();
    gateway->finished_.Notify();
  });
  return gateway;
}

Gateway::Gateway(const GatewayOptions& options,
                 GatewayCollaborators collaborators)
    : options_(options),
      collaborators_(std::move(collaborators)),
      broker_(collaborators_.broker, collaborators_.broker_authorization),
      admission_(options_, collaborators_.credentials, collaborators_.rates,
                 collaborators_.observer),
      memory_(static_cast<int64_t>(options.memory_max)) {}

Gateway::~Gateway() { Stop(absl::InfinitePast()); }

void Gateway::Stop(absl::Time deadline) {
  if (!thread_.joinable()) return;
  asio::post(context_, [this] { Drain(); });
  if (!finished_.WaitUntil(deadline)) {
    asio::post(context_, [this] { CloseAll(); });
  }
  thread_.join();
}

absl::Status Gateway::OpenCertificates() {
  if (!options_.tls.enabled()) return absl::OkStatus();
  auto tls =
      TlsContexts::Open(options_.tls, collaborators_.observer.on_tls_files);
  if (!tls.ok()) return tls.status();
  tls_ = *std::move(tls);
  return absl::OkStatus();
}

absl::Status Gateway::Listen() {
  absl::StatusOr<ListenAddress> where = ParseListenAddress(options_.address);
  if (!where.ok()) return where.status();
  if (!IsLoopback(*where) && collaborators_.credentials == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(
        "HTTP on ", options_.address, ", beyond loopback, needs credentials"));
  }
  Error error;
  const tcp::endpoint endpoint(asio::ip::make_address(where->host, error),
                               static_cast<uint16_t>(where->port));
  if (!error) acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(kBacklog, error);
  if (error) {
    return absl::UnavailableError(absl::StrCat(
        "cannot listen on ", options_.address, " for HTTP: ", error.message()));
  }
  where->port = acceptor_.local_endpoint(error).port();
  address_ = ToString(*where);
  return absl::OkStatus();
}

void Gateway::Accept() {
  acceptor_.async_accept(context_,
                         [this](Error error, ClientStream::Socket socket) {
                           if (!acceptor_.is_open()) return;
                           if (!error) {
                             Admit(std::move(socket));
                             return Accept();
                           }
                           accept_retry_.expires_after(kAcceptPause);
                           accept_retry_.async_wait([this](Error cancelled) {
                             if (!cancelled && acceptor_.is_open()) Accept();
                           });
                         });
}

void Gateway::Admit(ClientStream::Socket socket) {
  Error ignored;
  if (static_cast<int>(connections_.size()) >= options_.connections_max &&
      !waiting_.empty()) {
    waiting_.front()->Close();
  }
  if (static_cast<int>(connections_.size()) >= options_.connections_max) {
    // With TLS it would take a handshake to tell.
    if (tls_ != nullptr) return;
    // Small enough for the kernel to take it at once.
    socket.non_blocking(true, ignored);
    socket.send(asio::buffer(TooManyConnections()), 0, ignored);
    return;
  }
  socket.set_option(tcp::no_delay(true), ignored);
  auto connection = std::make_shared<Connection>(
      std::move(socket), tls_ == nullptr ? nullptr : tls_->Current(),
      Connection::Environment{&options_, &admission_, &broker_, &memory_,
                              &waiting_},
      [this](Connection* ended) { connections_.erase(ended); });
  connections_.emplace(connection.get(), connection);
  connection->Start();
}

void Gateway::Drain() {
  Error ignored;
  acceptor_.close(ignored);
  accept_retry_.cancel();
  // Those that close leave the map meanwhile.
  std::vector<std::shared_ptr<Connection>> open;
  for (const auto& [key, connection] : connections_) open.push_back(connection);
  for (const auto& connection : open) connection->Drain();
}

void Gateway::CloseAll() {
  std::vector<std::shared_ptr<Connection>> open;
  for (const auto& [key, connection] : connections_) open.push_back(connection);
  for (const auto& connection : open) connection->Close();
}

}  // namespace holdline
