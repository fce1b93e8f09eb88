// For tests: what a server says to a few bytes over TCP.

#ifndef HOLDLINE_SERVER_METRICS_EXCHANGE_H_
#define HOLDLINE_SERVER_METRICS_EXCHANGE_H_

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "gtest/gtest.h"
#include "server/base/listen_address.h"

namespace holdline {

// Returns a connection to `address`, a file descriptor.
inline int Connect(const ListenAddress& address) {
  addrinfo hints = {};
  hints.ai_flags = AI_NUMERICHOST;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(address.port);
  EXPECT_EQ(getaddrinfo(address.host.c_str(), port.c_str(), &hints, &found), 0);
  const int connection = socket(found->ai_family, SOCK_STREAM, 0);
  EXPECT_EQ(connect(connection, found->ai_addr, found->ai_addrlen), 0);
  freeaddrinfo(found);
  return connection;
}

inline void Send(int connection, const std::string& bytes) {
  EXPECT_EQ(send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(bytes.size()));
}

// Returns what arrives until it ends with `end`, or the other side closes.
inline std::string ReadUntil(int connection, const std::string& end) {
  std::string answer;
  for (char byte; !answer.ends_with(end) && read(connection, &byte, 1) > 0;) {
    answer += byte;
  }
  return answer;
}

// Returns what arrives until the other side closes, and closes.
inline std::string ReadToEnd(int connection) {
  std::string answer;
  char buffer[4096];
  for (ssize_t n; (n = read(connection, buffer, sizeof buffer)) > 0;) {
    answer.append(buffer, n);
  }
  close(connection);
  return answer;
}

// Sends `request` and returns all that is answered.
inline std::string Exchange(const ListenAddress& address,
                            const std::string& request) {
  const int connection = Connect(address);
  Send(connection, request);
  return ReadToEnd(connection);
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_METRICS_EXCHANGE_H_
