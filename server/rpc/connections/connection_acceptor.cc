#include "server/rpc/connections/connection_acceptor.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "server/base/steady_time.h"
#include "server/rpc/connections/client_address.h"
#include "server/rpc/connections/listening_socket.h"

namespace holdline {
namespace {

// The most events of one kind that are handled before others have a turn.
constexpr int kTurn = 64;

// The wait after a failed accept, as when there are too many open files.
constexpr absl::Duration kAcceptPause = absl::Milliseconds(100);

// How often to check whether gRPC has closed an unauthenticated connection that
// has ended.
constexpr absl::Duration kEndPause = absl::Milliseconds(5);

// The delay from data on an unauthenticated connection to counting its calls,
// and the least such delay as a multiple of the time that counting takes.
constexpr absl::Duration kCountPause = absl::Milliseconds(10);
constexpr int kCountPauses = 2;

// The inode tells whether two descriptors are of one open socket; 0 if there is
// no such descriptor.
ino_t InodeOf(int descriptor) {
  struct stat status;
  return fstat(descriptor, &status) == 0 ? status.st_ino : 0;
}

// Disconnects at once, for all descriptors of the socket: what has arrived and
// was not read yet is dropped.
void Reset(int socket) {
  const sockaddr nowhere = {.sa_family = AF_UNSPEC, .sa_data = {}};
  connect(socket, &nowhere, sizeof(nowhere));
}

int MillisecondsUntil(absl::Time time) {
  if (time == absl::InfiniteFuture()) return -1;
  const double left = absl::ToDoubleMilliseconds(time - SteadyNow());
  return static_cast<int>(std::ceil(std::clamp(left, 0.0, 1e6)));
}

}  // namespace

ConnectionAcceptor::ConnectionAcceptor(const ConnectionLimits& limits,
                                       const ConnectionObserver* observer)
    : observer_(observer),
      events_(epoll_create1(EPOLL_CLOEXEC)),
      wakeup_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      admission_(limits) {}

ConnectionAcceptor::~ConnectionAcceptor() { Stop(); }

absl::StatusOr<int> ConnectionAcceptor::Listen(
    const ListenAddress& where, absl::Duration unacknowledged_max) {
  auto socket = OpenListeningSocket(where, unacknowledged_max);
  if (!socket.ok()) return socket.status();
  listener_ = std::move(socket->descriptor);
  return socket->port;
}

void ConnectionAcceptor::Start(Serve serve,
                               std::unique_ptr<ChannelzStats> channelz) {
  serve_ = std::move(serve);
  channelz_ = std::move(channelz);
  Watch(EPOLL_CTL_ADD, wakeup_.get(), EPOLLIN);
  Watch(EPOLL_CTL_ADD, listener_.get(), EPOLLIN);
  thread_ = std::thread([this] { Run(); });
}

void ConnectionAcceptor::MarkAuthenticated(const std::string& peer) {
  absl::MutexLock lock(&mutex_);
  const auto found = by_peer_.find(peer);
  if (found == by_peer_.end()) return;
  if (!admission_.MarkAuthenticated(found->second, SteadyNow())) return;
  --unauthenticated_;
  // Another may be served now, and the counts have changed.
  Wake();
}

void ConnectionAcceptor::CountFailedCall(const std::string& peer,
                                         absl::Time now) {
  absl::MutexLock lock(&mutex_);
  const auto found = by_peer_.find(peer);
  if (found == by_peer_.end()) return;
  const auto refusal = admission_.CountFailedCall(found->second, now);
  if (!refusal.has_value()) return;
  Refuse(*refusal);
  Wake();
}

void ConnectionAcceptor::RestoreAddresses(const ConnectionsByAddress& recent) {
  absl::MutexLock lock(&mutex_);
  admission_.RestoreAddresses(recent, SteadyNow());
}

ConnectionsByAddress ConnectionAcceptor::RecentAddresses() {
  absl::MutexLock lock(&mutex_);
  return admission_.RecentAddresses(SteadyNow());
}

void ConnectionAcceptor::Stop() {
  if (!thread_.joinable()) return;
  stopping_ = true;
  Wake();
  thread_.join();
  listener_.Reset();
  absl::MutexLock lock(&mutex_);
  by_peer_.clear();
  unauthenticated_ = 0;
  for (const auto& [descriptor, connection] : connections_) {
    // Unlike a reset, this leaves to the client what was sent before.
    shutdown(descriptor, SHUT_RDWR);
  }
  connections_.clear();
}

void ConnectionAcceptor::Run() {
  epoll_event events[kTurn];
  while (!stopping_) {
    const int count = epoll_wait(events_.get(), events, kTurn,
                                 MillisecondsUntil(NextDeadline()));
    const absl::Time now = SteadyNow();
    bool accept = false;
    for (int i = 0; i < count; ++i) {
      const int descriptor = events[i].data.fd;
      accept |= descriptor == listener_.get();
      React(descriptor, events[i].events);
    }
    // Last, because it may give descriptors that were closed a new meaning.
    if (accept) Accept(now);
    if (accept_again_at_ <= now) {
      accept_again_at_ = absl::InfiniteFuture();
      Watch(EPOLL_CTL_MOD, listener_.get(), EPOLLIN);
    }
    ForgetClosed();
    ServeAdmitted(now);
    if (count_at_ <= now) CountCalls(now);
    while (ExtendOrCloseOne(now)) ServeAdmitted(now);
    ReportCounts();
  }
}

void ConnectionAcceptor::React(int descriptor, uint32_t events) {
  if (descriptor == listener_.get()) return;
  if (descriptor == wakeup_.get()) {
    eventfd_t count;
    eventfd_read(descriptor, &count);
    return;
  }
  absl::MutexLock lock(&mutex_);
  if ((events & (EPOLLHUP | EPOLLERR)) != 0) {
    // gRPC would still read what a client has sent before a reset. Without an
    // error it was gRPC that closed, and it may have something to send.
    if ((events & EPOLLERR) != 0 && admission_.IsUnauthenticated(descriptor)) {
      Reset(descriptor);
    }
    return End(descriptor);
  }
  if ((events & EPOLLRDHUP) != 0) return OnClientClose(descriptor);
  admission_.ReceivedData(descriptor);
  // Its server reads the data; only the end is of interest here, and the calls
  // that an unauthenticated connection starts.
  Watch(EPOLL_CTL_MOD, descriptor, EPOLLRDHUP);
  if (admission_.IsUnauthenticated(descriptor)) ScheduleCount(descriptor);
}

void ConnectionAcceptor::ScheduleCount(int descriptor) {
  to_count_.push_back(descriptor);
  count_at_ = std::min(count_at_, SteadyNow() + kCountPause);
}

void ConnectionAcceptor::CountCalls(absl::Time now) {
  count_at_ = absl::InfiniteFuture();
  const std::vector<int> to_count = std::exchange(to_count_, {});
  FindChannelzIds(to_count);
  for (const int descriptor : to_count) {
    CountCallsOf(descriptor, now);
    while (ExtendOrCloseOne(now)) continue;
  }
  const absl::Time end = SteadyNow();
  if (!to_count_.empty()) {
    count_at_ = end + std::max(kCountPause, kCountPauses * (end - now));
  }
}

void ConnectionAcceptor::FindChannelzIds(const std::vector<int>& descriptors) {
  int64_t first = std::numeric_limits<int64_t>::max();
  {
    absl::MutexLock lock(&mutex_);
    for (const int descriptor : descriptors) {
      if (!admission_.IsUnauthenticated(descriptor)) continue;
      const Connection& connection = connections_[descriptor];
      if (connection.channelz_id.has_value()) continue;
      first = std::min(first, connection.channelz_id_min);
    }
  }
  if (first == std::numeric_limits<int64_t>::max()) return;
  // Not under the lock, for which calls wait: it takes a while.
  const std::vector<ChannelzStats::Socket> sockets =
      channelz_->SocketsFrom(first);
  absl::MutexLock lock(&mutex_);
  for (const ChannelzStats::Socket& socket : sockets) {
    latest_channelz_id_ = std::max(latest_channelz_id_, socket.id);
    const auto found = by_peer_.find(socket.peer);
    if (found == by_peer_.end()) continue;
    Connection& connection = connections_[found->second];
    if (socket.id >= connection.channelz_id_min)
      connection.channelz_id = socket.id;
  }
}

void ConnectionAcceptor::CountCallsOf(int descriptor, absl::Time now) {
  std::optional<int64_t> socket;
  {
    absl::MutexLock lock(&mutex_);
    if (!admission_.IsUnauthenticated(descriptor)) return;
    socket = connections_[descriptor].channelz_id;
  }
  // Not under the lock, as above. gRPC may not have the socket yet.
  const int64_t calls =
      socket.has_value() ? channelz_->StreamsStarted(*socket) : 0;
  absl::MutexLock lock(&mutex_);
  if (!admission_.IsUnauthenticated(descriptor)) return;
  // gRPC may not have read the data yet.
  if (admission_.CountCalls(descriptor, calls, now))
    return ScheduleCount(descriptor);
  Watch(EPOLL_CTL_MOD, descriptor, EPOLLIN | EPOLLRDHUP);
}

void ConnectionAcceptor::Accept(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  for (int i = 0; i < kTurn; ++i) {
    FileDescriptor socket(accept4(listener_.get(), nullptr, nullptr,
                                  SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.valid()) {
      Admit(std::move(socket), now);
    } else if (errno == EAGAIN) {
      return;
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
               errno == ENOMEM) {
      accept_again_at_ = now + kAcceptPause;
      return Watch(EPOLL_CTL_MOD, listener_.get(), 0);
    }
  }
}

void ConnectionAcceptor::Admit(FileDescriptor socket, absl::Time now) {
  std::optional<ClientAddress> address = ClientAddressOf(socket.get());
  if (!address.has_value()) return;
  const int descriptor = socket.get();
  Watch(EPOLL_CTL_ADD, descriptor, EPOLLIN | EPOLLRDHUP);
  connections_[descriptor] = {std::move(socket), std::move(address->peer),
                              InodeOf(descriptor)};
  const std::optional<ConnectionAdmission::Refusal> refusal =
      admission_.Add(descriptor, address->network, now);
  if (refusal.has_value()) Refuse(*refusal);
}

void ConnectionAcceptor::ServeAdmitted(absl::Time now) {
  while (true) {
    FileDescriptor socket;
    {
      absl::MutexLock lock(&mutex_);
      const std::optional<ConnectionAdmission::Id> next =
          admission_.AdmitNext(now);
      if (!next.has_value()) return;
      socket = DuplicateToServe(*next);
    }
    if (socket.valid()) serve_(socket.Release());
  }
}

FileDescriptor ConnectionAcceptor::DuplicateToServe(int descriptor) {
  FileDescriptor copy(fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
  if (!copy.valid()) {
    Forget(descriptor);
    return copy;
  }
  Connection& connection = connections_[descriptor];
  connection.served_as = copy.get();
  connection.channelz_id_min = latest_channelz_id_ + 1;
  by_peer_[connection.peer] = descriptor;
  ++unauthenticated_;
  ScheduleCount(descriptor);
  return copy;
}

bool ConnectionAcceptor::ExtendOrCloseOne(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  if (admission_.ExtendOne(now)) return true;
  const std::optional<ConnectionAdmission::Refusal> refusal =
      admission_.NextToClose(now);
  if (refusal.has_value()) Refuse(*refusal);
  return refusal.has_value();
}

void ConnectionAcceptor::Refuse(const ConnectionAdmission::Refusal& refusal) {
  Reset(refusal.id);
  End(refusal.id);
  if (observer_->on_refused) {
    observer_->on_refused(refusal.connection);
  }
}

void ConnectionAcceptor::OnClientClose(int descriptor) {
  if (admission_.IsAuthenticated(descriptor)) {
    // gRPC reads the end, too, and closes the connection.
    return Watch(EPOLL_CTL_MOD, descriptor, 0);
  }
  // What is left is not worth reading.
  Reset(descriptor);
  End(descriptor);
}

void ConnectionAcceptor::End(int descriptor) {
  if (admission_.End(descriptor, SteadyNow())) return Forget(descriptor);
  --unauthenticated_;
  Watch(EPOLL_CTL_DEL, descriptor, 0);
  ended_.push_back(descriptor);
}

void ConnectionAcceptor::Forget(int descriptor) {
  const auto found = connections_.find(descriptor);
  if (found == connections_.end()) return;
  const auto peer = by_peer_.find(found->second.peer);
  if (peer != by_peer_.end() && peer->second == descriptor) {
    by_peer_.erase(peer);
  }
  // The socket may live on in gRPC's hands, and would still be watched.
  Watch(EPOLL_CTL_DEL, descriptor, 0);
  admission_.Forget(descriptor, SteadyNow());
  connections_.erase(found);
}

void ConnectionAcceptor::ForgetClosed() {
  absl::MutexLock lock(&mutex_);
  const auto gone = [this](int descriptor) {
    mutex_.AssertHeld();
    const Connection& connection = connections_[descriptor];
    if (InodeOf(connection.served_as) == connection.inode) return false;
    Forget(descriptor);
    return true;
  };
  ended_.erase(std::remove_if(ended_.begin(), ended_.end(), gone),
               ended_.end());
}

void ConnectionAcceptor::Watch(int operation, int descriptor, uint32_t events) {
  epoll_event event = {};
  event.events = events;
  event.data.fd = descriptor;
  epoll_ctl(events_.get(), operation, descriptor, &event);
}

absl::Time ConnectionAcceptor::NextDeadline() {
  absl::MutexLock lock(&mutex_);
  const absl::Time now = SteadyNow();
  const absl::Time look_again_at =
      ended_.empty() ? absl::InfiniteFuture() : now + kEndPause;
  return std::min({accept_again_at_, count_at_, look_again_at,
                   admission_.NextDeadline(now)});
}

void ConnectionAcceptor::ReportCounts() {
  if (!observer_->on_counts) return;
  absl::MutexLock lock(&mutex_);
  observer_->on_counts(admission_.counts());
}

void ConnectionAcceptor::Wake() { eventfd_write(wakeup_.get(), 1); }

}  // namespace holdline
