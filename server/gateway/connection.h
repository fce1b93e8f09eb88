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

// Serves one request after the other; requests that arrive early wait their
// turn in the buffer.
//
// Except while a request is being read, one read is pending. It brings either
// bytes of the next request or the news that the client has hung up, also while
// a call is held, which is then given up. So a held call costs no thread.
//
// Lives on the thread of its socket's context, as long as anything of it is
// pending.
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

  // Goes on reading while a request is at hand, unless much has come already.
  void WatchForEnd();

  // Parses what has been read, which is mostly all, so that nothing has to be
  // waited for.
  Error Parse();

  void ReadHeaders();
  void OnHeaders(Error error);

  // Looks whether the body may be as large as it says, and whether there is
  // memory for it. Returns whether it is to be read; otherwise it was refused.
  bool PrepareBody();
  void ReadBody();
  void OnBody(Error error);
  void OnContinueSent(Error error);

  // Answers what could not be read, and closes.
  void RefuseRead(Error error);

  void Handle();
  void CallBroker(const google::protobuf::Message& input);

  // Answers and tells that the admission did not let a request through.
  void Refuse(const HttpHeader& header, const WireError& refusal, bool kept);

  void OnBrokerAnswer(const grpc::Status& status,
                      std::unique_ptr<google::protobuf::Message> output);

  // Sends an answer; `kept` says that more requests may follow.
  void Send(const HttpAnswer& answer, bool kept);
  void OnSent(Error error);

  // Takes back what the broker answered, if it could not be sent.
  void TakeBack();

  // Tells the admission how the call that it let through ended.
  void EndCall(bool answered);

  // Says that no more will be sent, and closes when the client does, or soon:
  // closing at once could destroy the answer on its way.
  void Linger();

  // Says that the client is waited for, anew; or no longer.
  void WaitForClient();
  void HaveClient();

  // Closes unless something happens within `timeout`; never, if it is infinite.
  void Expect(absl::Duration timeout);

  // Sets the timer to when the connection is to be closed.
  void SetTimer();
  void OnTimer();

  ClientStream stream_;
  const std::string peer_;  // the address that the client has

  // When to close. It is put off with every step, and mostly long before it
  // comes: the timer is not set anew then, but goes off too early at times.
  std::chrono::steady_clock::time_point closes_at_;
  boost::asio::steady_timer::rebind_executor<ClientStream::executor_type>::other
      timer_;

  const GatewayOptions& options_;
  Admission* const admission_;
  BrokerChannel* const broker_;
  RequestMemory* const memory_;
  Waiting* const waiting_;
  Ended ended_;

  // Where it is among those that wait for their clients, if it is.
  std::optional<Waiting::iterator> place_;

  boost::beast::flat_buffer buffer_;
  std::optional<
      boost::beast::http::request_parser<boost::beast::http::string_body>>
      parser_;

  // The request at hand, without its body once that is read, and what the body
  // takes up until then.
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

  // The answer is on its way.
  bool sending_ = false;

  // A read is pending that waits for a request or the end.
  bool awaiting_ = false;

  // A request is at hand: bytes that arrive wait.
  bool busy_ = false;

  // The last answer was sent: bytes that arrive are dropped.
  bool lingering_ = false;

  bool draining_ = false;
  bool closed_ = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_CONNECTION_H_
