// For tests: a server that receives what is posted and answers as it is told.

#ifndef HOLDLINE_SERVER_NOTIFY_TEST_RECEIVER_H_
#define HOLDLINE_SERVER_NOTIFY_TEST_RECEIVER_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/auth/testing/test_certificate.h"
#include "server/notify/options.h"

namespace holdline {

struct ReceivedPost {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

// Listens on a free port of 127.0.0.1, on a thread of its own.
class TestReceiver {
 public:
  // What never comes.
  static constexpr char kSilence[] = "";

  // Gives the answers, which are sent as they are, to one post after the other
  // and the last of them to all that follow; after each it closes. Talks TLS if
  // there is a certificate.
  explicit TestReceiver(
      std::vector<std::string> answers,
      const std::optional<TestCertificate>& certificate = std::nullopt);

  // Closes all connections.
  ~TestReceiver();

  TestReceiver(const TestReceiver&) = delete;
  TestReceiver& operator=(const TestReceiver&) = delete;

  int port() const;

  // Waits for the next post, for a minute at most.
  ReceivedPost Next();

  // How many posts have come.
  int count() const;

 private:
  class Loop;

  const std::unique_ptr<Loop> loop_;
};

// Returns an answer without a body.
std::string AnswerOf(int status);

// Writes a file that only its owner can read and returns its path.
std::string WriteTestFile(const std::string& name, const std::string& content);

inline constexpr char kTestKey[] = "a key of the tests";

// Options to post to `http://127.0.0.1:PORT/hook` with kTestKey, patiently, and
// to try again at once.
NotifyOptions OptionsFor(const TestReceiver& receiver);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_NOTIFY_TEST_RECEIVER_H_
