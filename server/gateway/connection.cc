#include "server/gateway/connection.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "boost/asio/executor_work_guard.hpp"
#include "boost/asio/post.hpp"
#include "boost/asio/write.hpp"
#include "boost/beast/http/read.hpp"
#include "google/protobuf/arena.h"
#include "server/base/steady_time.h"
#include "server/base/uuid.h"
#include "server/contract/request_arena.h"
#include "server/gateway/host.h"
#include "server/gateway/json_writer.h"

namespace holdline {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

using Clock = std::chrono::steady_clock;
using ::google::protobuf::Message;

// What is read at a time while waiting for a request.
constexpr size_t kReadBytes = 1024;

// How many bytes of further requests may be there during a call before no more
// are read, and a client that hangs up is noticed only afterwards.
constexpr size_t kAheadBytesMax = 16 << 10;

// What the buffer may hold besides a header: what is read at a time of a body,
// and the lines between its chunks, whose length nothing else limits.
constexpr size_t kBodyBufferBytesMax = 64 << 10;

// How long a connection is kept open for the client to read the last answer.
constexpr absl::Duration kLinger = absl::Seconds(2);

// The address of whoever is at the other end; empty if it has gone.
std::string PeerOf(const ClientStream::Socket& socket) {
  boost::system::error_code error;
  const auto peer = socket.remote_endpoint(error);
  return error ? std::string() : peer.address().to_string();
}

constexpr char kContinue[] = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Connection::Connection(ClientStream::Socket socket,
                       std::shared_ptr<asio::ssl::context> tls,
                       const Environment& environment, Ended ended)
    : stream_(std::move(socket), std::move(tls)),
      peer_(PeerOf(stream_.socket())),
      closes_at_(Clock::time_point::max()),
      timer_(stream_.get_executor(), closes_at_),
      options_(*environment.options),
      admission_(environment.admission),
      broker_(environment.broker),
      memory_(environment.memory),
      waiting_(environment.waiting),
      ended_(std::move(ended)),
      buffer_(options_.header_bytes_max + kBodyBufferBytesMax) {}

void Connection::Start() {
  WaitForClient();
  if (!stream_.encrypted()) return OnHandshake({});
  Expect(options_.handshake_timeout);
  stream_.async_handshake(
      [self = shared_from_this()](Error error) { self->OnHandshake(error); });
}

void Connection::OnHandshake(Error error) {
  if (error || closed_) return Close();
  Expect(options_.header_timeout);
  AwaitBytes();
}

void Connection::Drain() {
  draining_ = true;
  if (!busy_) Close();
}

void Connection::Close() {
  if (closed_) return;
  closed_ = true;
  HaveClient();
  if (call_ != nullptr) call_->Cancel();
  // How an answer on its way ends is known later.
  if (!sending_) EndCall(false);
  timer_.cancel();
  stream_.Close();
  ended_(this);
}

void Connection::AwaitBytes() {
  awaiting_ = true;
  // A connection that waits for long keeps no more memory than it needs.
  if (buffer_.size() == 0) buffer_.shrink_to_fit();
  stream_.async_read_some(
      buffer_.prepare(kReadBytes),
      [self = shared_from_this()](Error error, size_t count) {
        self->OnBytes(error, count);
      });
}

void Connection::OnBytes(Error error, size_t count) {
  awaiting_ = false;
  if (closed_) return;
  // Aborted by OnSent, which found bytes of the next request.
  if (error && error != asio::error::operation_aborted) {
    if (call_ != nullptr) {
      admission_->HungUp(request_, *admitted_, peer_, SteadyNow());
    }
    return Close();
  }
  if (lingering_) return AwaitBytes();
  buffer_.commit(count);
  if (!busy_) return ReadHeaders();
  // A request that is at hand is answered first.
  WatchForEnd();
}

void Connection::WatchForEnd() {
  if (buffer_.size() < kAheadBytesMax) AwaitBytes();
}

void Connection::ReadHeaders() {
  busy_ = true;
  parser_.emplace();
  parser_->header_limit(options_.header_bytes_max);
  body_bytes_max_ = options_.body_bytes_max;
  parser_->body_limit(body_bytes_max_);
  request_id_ = RandomUuid();
  Expect(options_.header_timeout);
  const Error error = Parse();
  if (error != http::error::need_more) return OnHeaders(error);
  http::async_read_header(stream_, buffer_, *parser_,
                          [self = shared_from_this()](Error error, size_t) {
                            self->OnHeaders(error);
                          });
}

boost::beast::error_code Connection::Parse() {
  Error error;
  buffer_.consume(parser_->put(buffer_.data(), error));
  return error;
}

void Connection::OnHeaders(Error error) {
  if (closed_) return;
  if (error) return RefuseRead(error);
  HttpRequest& header = parser_->get();
  auto refusal = RefuseByHeaders(header);
  if (refusal.has_value()) {
    return Send(ErrorAnswer(*refusal, request_id_), false);
  }
  if (admission_->open()) refusal = RefuseWebPage(header);
  if (refusal.has_value()) return Refuse(header, *refusal, false);
  UseOriginForm(header);
  refusal = admission_->Examine(header, absl::Now(), &signature_);
  if (refusal.has_value()) return Refuse(header, *refusal, false);
  if (!PrepareBody()) return;
  const auto expected = parser_->get()[http::field::expect];
  if (expected.empty() || parser_->is_done()) return ReadBody();
  asio::async_write(stream_, asio::buffer(kContinue, sizeof(kContinue) - 1),
                    [self = shared_from_this()](Error error, size_t) {
                      self->OnContinueSent(error);
                    });
}

bool Connection::PrepareBody() {
  body_bytes_max_ = BodyBytesMax(parser_->get(), options_.body_bytes_max);
  const uint64_t bytes = parser_->content_length().value_or(
      parser_->chunked() ? body_bytes_max_ : 0);
  if (bytes > body_bytes_max_) {
    RefuseRead(http::error::body_limit);
    return false;
  }
  parser_->body_limit(body_bytes_max_);
  // Nobody has shown yet whose request it is.
  auto share = memory_->Take(peer_, static_cast<int64_t>(bytes));
  if (!share.ok()) {
    Send(ErrorAnswer(
             {503, "ServiceUnavailable", std::string(share.status().message())},
             request_id_),
         false);
    return false;
  }
  body_share_ = *std::move(share);
  return true;
}

void Connection::OnContinueSent(Error error) {
  if (error || closed_) return Close();
  ReadBody();
}

void Connection::ReadBody() {
  parser_->eager(true);
  const Error error = parser_->is_done() ? Error() : Parse();
  if (parser_->is_done() || (error && error != http::error::need_more)) {
    return OnBody(error);
  }
  Expect(options_.body_timeout);
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](Error error, size_t) {
                     self->OnBody(error);
                   });
}

void Connection::OnBody(Error error) {
  if (closed_) return;
  if (error) return RefuseRead(error);
  request_ = parser_->release();
  parser_.reset();
  HaveClient();
  Expect(absl::InfiniteDuration());
  WatchForEnd();
  Handle();
}

void Connection::RefuseRead(Error error) {
  if (error == http::error::body_limit) {
    return Send(ErrorAnswer({413, "InvalidRequestException",
                             absl::StrCat("The body must have at most ",
                                          body_bytes_max_, " bytes.")},
                            request_id_),
                false);
  }
  if (error == http::error::header_limit) {
    return Send(
        ErrorAnswer({431, "InvalidRequestException",
                     absl::StrCat("The headers must have at most ",
                                  options_.header_bytes_max, " bytes.")},
                    request_id_),
        false);
  }
  // Errors of the transport have nobody to be told.
  if (error == http::error::end_of_stream ||
      error == http::error::partial_message ||
      error.category() !=
          http::make_error_code(http::error::bad_version).category()) {
    return Close();
  }
  Send(ErrorAnswer(SerializationError("The request is not valid HTTP/1.1."),
                   request_id_),
       false);
}

void Connection::Handle() {
  const bool kept = request_.keep_alive();
  AdmittedCall admitted;
  const auto refusal =
      admission_->Admit(request_, signature_, peer_, SteadyNow(), &admitted);
  signature_.reset();
  if (refusal.has_value()) return Refuse(request_, *refusal, kept);
  admitted_ = std::move(admitted);
  if (const auto answer = AnswerWithoutAction(request_, request_id_)) {
    return Send(*answer, kept);
  }
  google::protobuf::Arena arena(RequestArenaOptions());
  Message* input = nullptr;
  if (const auto error =
          ReadInput(request_, admitted_->method, &arena, &input)) {
    return Send(ErrorAnswer(*error, request_id_), kept);
  }
  request_.body() = {};
  body_share_ = {};
  CallBroker(*input);
}

void Connection::Refuse(const HttpHeader& header, const WireError& refusal,
                        bool kept) {
  admission_->TellRefused(header, request_id_, peer_, refusal);
  Send(ErrorAnswer(refusal, request_id_), kept);
}

void Connection::CallBroker(const Message& input) {
  method_ = admitted_->method;
  terms_ = {request_id_, admitted_->access_key, peer_, admitted_->timeout};
  // The guard keeps the context running until gRPC has called back.
  call_ = broker_->Call(
      method_, input, terms_,
      [self = shared_from_this(),
       guard = asio::make_work_guard(stream_.get_executor())](
          grpc::Status status, std::unique_ptr<Message> output) mutable {
        const auto executor = self->stream_.get_executor();
        asio::post(executor,
                   [self = std::move(self), status = std::move(status),
                    output = std::move(output)]() mutable {
                     self->OnBrokerAnswer(status, std::move(output));
                   });
      });
}

void Connection::OnBrokerAnswer(const grpc::Status& status,
                                std::unique_ptr<Message> output) {
  call_ = nullptr;
  if (status.ok()) output_ = std::move(output);
  if (closed_) return TakeBack();
  Send(status.ok() ? JsonAnswer(WriteJson(*output_), request_id_)
                   : ErrorAnswer(FromGrpcStatus(status), request_id_),
       request_.keep_alive());
}

void Connection::Send(const HttpAnswer& answer, bool kept) {
  kept_ = kept && !draining_;
  signature_.reset();
  // In one piece, which is one record of TLS if it is short.
  answer_ = HeadOf(answer, kept_);
  if (request_.method() != http::verb::head) answer_ += answer.body;
  sending_ = true;
  Expect(options_.write_timeout);
  asio::async_write(stream_, asio::buffer(answer_),
                    [self = shared_from_this()](Error error, size_t) {
                      self->OnSent(error);
                    });
}

void Connection::OnSent(Error error) {
  sending_ = false;
  EndCall(!error);
  if (error) {
    TakeBack();
    return Close();
  }
  // The whole answer has left. A client that hung up meanwhile may have done so
  // because it has read it, so nothing is taken back.
  output_ = nullptr;
  answer_ = {};
  if (closed_) return;
  request_ = {};
  body_share_ = {};
  busy_ = false;
  WaitForClient();
  if (!kept_ || draining_) return Linger();
  if (buffer_.size() == 0) return Expect(options_.idle_timeout);
  if (!awaiting_) return ReadHeaders();
  stream_.Cancel();
}

void Connection::EndCall(bool answered) {
  if (!admitted_.has_value()) return;
  admission_->End(*admitted_, answered);
  admitted_.reset();
}

void Connection::TakeBack() {
  if (output_ == nullptr) return;
  broker_->Recall(method_, *output_, terms_,
                  [guard = asio::make_work_guard(stream_.get_executor())] {});
  output_ = nullptr;
}

void Connection::Linger() {
  lingering_ = true;
  Expect(kLinger);
  stream_.EndSending([self = shared_from_this()](Error) {});
  buffer_.clear();
  if (!awaiting_) AwaitBytes();
}

void Connection::WaitForClient() {
  HaveClient();
  place_ = waiting_->insert(waiting_->end(), this);
}

void Connection::HaveClient() {
  if (place_.has_value()) waiting_->erase(*place_);
  place_.reset();
}

void Connection::Expect(absl::Duration timeout) {
  closes_at_ = timeout == absl::InfiniteDuration()
                   ? Clock::time_point::max()
                   : Clock::now() + absl::ToChronoNanoseconds(timeout);
  if (closes_at_ < timer_.expiry()) SetTimer();
}

void Connection::SetTimer() {
  // Cancels the wait before.
  timer_.expires_at(closes_at_);
  timer_.async_wait([self = weak_from_this()](Error error) {
    const auto connection = self.lock();
    if (!error && connection != nullptr) connection->OnTimer();
  });
}

void Connection::OnTimer() {
  if (closed_) return;
  closes_at_ <= Clock::now() ? Close() : SetTimer();
}

}  // namespace holdline
