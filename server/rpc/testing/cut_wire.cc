#include "server/rpc/testing/cut_wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

namespace holdline {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

int Listen(int* port) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  bind(listener, reinterpret_cast<sockaddr*>(&address), size);
  listen(listener, 1);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  *port = ntohs(address.sin_port);
  return listener;
}

int Connect(int port) {
  const int connection = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = Loopback(port);
  connect(connection, reinterpret_cast<const sockaddr*>(&address),
          sizeof(address));
  return connection;
}

// Resets the connection, as closing a socket with unread bytes does, but leaves
// the socket to the thread that uses it.
void Disconnect(int connection) {
  if (connection < 0) return;
  const sockaddr nowhere = {.sa_family = AF_UNSPEC, .sa_data = {}};
  connect(connection, &nowhere, sizeof(nowhere));
}

}  // namespace

CutWire::CutWire(const std::string& target)
    : target_port_(std::atoi(target.substr(target.rfind(':') + 1).c_str())),
      listener_(Listen(&port_)),
      thread_([this] { Run(); }) {}

CutWire::~CutWire() {
  // Wakes a listener to which nobody has connected.
  shutdown(listener_, SHUT_RDWR);
  Cut();
  thread_.join();
  for (const int socket : {listener_, client_.load(), server_.load()}) {
    if (socket >= 0) close(socket);
  }
}

std::string CutWire::address() const {
  return "127.0.0.1:" + std::to_string(port_);
}

void CutWire::StopAnswers() {
  const std::lock_guard<std::mutex> lock(answers_.mutex);
  answers_.closed = true;
}

void CutWire::Cut() {
  Disconnect(server_);
  Disconnect(client_);
}

void CutWire::Run() {
  client_ = accept(listener_, nullptr, nullptr);
  if (client_ < 0) return;
  server_ = Connect(target_port_);
  std::thread answers([this] { Pass(server_, client_, answers_); });
  Pass(client_, server_, requests_);
  answers.join();
}

void CutWire::Pass(int from, int to, Gate& gate) {
  while (true) {
    // Wakes for bytes and for the cut; looks at the gate now and then.
    pollfd ready = {from, POLLIN, 0};
    poll(&ready, 1, /*timeout=*/10);
    if ((ready.revents & (POLLHUP | POLLERR)) != 0) return;
    if ((ready.revents & POLLIN) != 0 && !PassSome(from, to, gate)) return;
  }
}

bool CutWire::PassSome(int from, int to, Gate& gate) {
  const std::lock_guard<std::mutex> lock(gate.mutex);
  if (gate.closed) {
    // Leaves the bytes where they are.
    std::this_thread::yield();
    return true;
  }
  char bytes[4096];
  const ssize_t size = read(from, bytes, sizeof(bytes));
  for (ssize_t sent = 0; sent < size;) {
    const ssize_t more =
        send(to, bytes + sent, static_cast<size_t>(size - sent), MSG_NOSIGNAL);
    if (more <= 0) return false;
    sent += more;
  }
  return size > 0;
}

}  // namespace holdline
