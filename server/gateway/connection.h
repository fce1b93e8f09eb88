// One HTTP connection, from its first byte to its last.

#ifndef HOLDLINE_SERVER_GATEWAY_CONNECTION_H_
#define HOLDLINE_SERVER_GATEWAY_CONNECTION_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "boost/asio/ip/tcp.hpp"
#include "boost/asio/steady_timer.hpp"
#include "boost/beast/core/flat_buffer.hpp"
#include "boost/beast/http/parser.hpp"
#include "boost/beast/http/string_body.hpp"
#include "server/base/request_memory.h"
#include "server/gateway/admission.h"
#include "server/gateway/answer.h"
#include "server/gateway/broker_channel.h"
#include "server/gateway/client_stream.h"
#include "server/gateway/options.h"
#include "server/gateway/request.h"

namespace holdline {

// Serves requests one after another; requests that arrive early wait in the
// buffer.
//
// Except while a request is being read, one read is pending. It returns bytes
// of the next request, or the hang-up of the client; a call that is held is
// then cancelled. So a held call needs no thread.
//
// Runs on the thread of the context of its socket, and exists as long as an
// operation is pending.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Ended = std::function<void(Connection*)>;

  // Connections that wait for their clients: for a request, or the rest of one.
  // The one that has waited longest comes first.
  using Waiting = std::list<Connection*>;

  // State shared by all connections. Everything outlives them.
  struct Environment {
    const GatewayOptions* options;
    Admission* admission;
    BrokerChannel* broker;
    RequestMemory* memory;
    Waiting* waiting;
  };

  // `tls` is null for a connection without TLS. `ended` is called once, when
  // the connection is closed.
  Connection(ClientStream::Socket socket,
             std::shared_ptr<boost::asio::ssl::context> tls,
             const Environment& environment, Ended ended);

  // Begins to serve.
  void Start();

  // Closes after the answer that is due, or at once if none is.
  void Drain();

  // Closes at once.
  void Close();

 private:
  using Error = boost::beast::error_code;

  void OnHandshake(Error error);

  // Waits for the first bytes of a request, or for the end.
  void AwaitBytes();
  void OnBytes(Error error, size_t count);

  // Keeps a read pending while a request is served, unless much has arrived
  // already.
  void WatchForEnd();

  // Parses the bytes in the buffer, mostly a whole request, so that no read is
  // needed.
  Error Parse();

  void ReadHeaders();
  void OnHeaders(Error error);

  // Checks the declared size of the body and the memory for it. Returns whether
  // the body is to be read; otherwise the request was refused.
  bool PrepareBody();
  void ReadBody();
  void OnBody(Error error);
  void OnContinueSent(Error error);

  // Answers a request that cannot be read, and closes.
  void RefuseRead(Error error);

  void Handle();
  void CallBroker(const google::protobuf::Message& input);

  // Answers a request that the admission refused, and reports that.
  void Refuse(const HttpHeader& header, const WireError& refusal, bool kept);

  void OnBrokerAnswer(const grpc::Status& status,
                      std::unique_ptr<google::protobuf::Message> output);

  // Sends an answer; `kept` says that more requests may follow.
  void Send(const HttpAnswer& answer, bool kept);
  void OnSent(Error error);

  // Recalls the answer of the broker, if it could not be sent.
  void TakeBack();

  // Reports the end of the call to the admission.
  void EndCall(bool answered);

  // Shuts down sending, and closes when the client does, or soon: closing at
  // once could destroy the answer under way.
  void Linger();

  // Adds this connection to `waiting`, as the latest; or removes it.
  void WaitForClient();
  void HaveClient();

  // Closes unless something happens within `timeout`; never, if it is infinite.
  void Expect(absl::Duration timeout);

  // Sets the timer to when the connection is to be closed.
  void SetTimer();
  void OnTimer();

  ClientStream stream_;
  const std::string peer_;  // the address that the client has

  // The time to close. It is moved on with every step; the timer is not set
  // anew each time, and may fire too early.
  std::chrono::steady_clock::time_point closes_at_;
  boost::asio::steady_timer::rebind_executor<ClientStream::executor_type>::other
      timer_;

  const GatewayOptions& options_;
  Admission* const admission_;
  BrokerChannel* const broker_;
  RequestMemory* const memory_;
  Waiting* const waiting_;
  Ended ended_;

  // The position among the waiting connections, if it is one.
  std::optional<Waiting::iterator> place_;

  boost::beast::flat_buffer buffer_;
  std::optional<
      boost::beast::http::request_parser<boost::beast::http::string_body>>
      parser_;

  // The present request, without its body once that was read; and the memory
  // for the body until then.
  uint64_t body_bytes_max_ = 0;
  RequestMemory::Share body_share_;
  HttpRequest request_;
  std::string request_id_;
  std::optional<ArrivedSignature> signature_;
  std::optional<AdmittedCall> admitted_;
  const google::protobuf::MethodDescriptor* method_ = nullptr;
  CallTerms terms_;
  std::shared_ptr<BrokerCall> call_;

  // The broker's response, until it has been sent.
  std::unique_ptr<google::protobuf::Message> output_;
  std::string answer_;
  bool kept_ = false;

  // Whether the answer is being sent.
  bool sending_ = false;

  // Whether a read for a request or the end is pending.
  bool awaiting_ = false;

  // Whether a request is being served: further bytes wait.
  bool busy_ = false;

  // Whether the last answer was sent: further bytes are dropped.
  bool lingering_ = false;

  bool draining_ = false;
  bool closed_ = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_CONNECTION_H_
