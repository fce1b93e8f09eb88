#include "server/rpc/connections/connection_admission.h"

#include <algorithm>
#include <utility>

namespace holdline {
namespace {

template <typename Value>
void Erase(std::deque<Value>* values, const Value& value) {
  const auto found = std::find(values->begin(), values->end(), value);
  if (found != values->end()) values->erase(found);
}

}  // namespace

std::optional<ConnectionAdmission::Refusal> ConnectionAdmission::Add(
    Id id, const std::string& address, absl::Time now) {
  connections_.insert(
      {id, {.address = address, .phase = Phase::kSilent, .since = now}});
  silent_.insert({now, id});
  Address& of_address = addresses_[address];
  ++of_address.connections;
  of_address.unserved.push_back(id);
  if (of_address.connections > limits_.per_address_max) {
    return Refuse(id, RefusedConnection::Reason::kTooManyOfAddress);
  }
  if (static_cast<int>(connections_.size()) > limits_.all_max) {
    return Refuse(LatestOfBusiestAddress(),
                  RefusedConnection::Reason::kTooMany);
  }
  return std::nullopt;
}

void ConnectionAdmission::ReceivedData(Id id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  Connection& connection = found->second;
  if (connection.phase != Phase::kSilent) return;
  silent_.erase({connection.since, id});
  connection.phase = Phase::kPending;
  std::deque<Id>& pending = addresses_[connection.address].pending;
  if (pending.empty()) round_robin_.push_back(connection.address);
  pending.push_back(id);
  ++pending_;
}

std::optional<ConnectionAdmission::Id> ConnectionAdmission::AdmitNext(
    absl::Time now) {
  if (round_robin_.empty() || Full() || AdmitsAgainAt(now) > now)
    return std::nullopt;
  const std::string name = std::move(round_robin_.front());
  round_robin_.pop_front();
  Address& address = addresses_[name];
  const Id id = address.pending.front();
  address.pending.pop_front();
  --pending_;
  if (!address.pending.empty()) round_robin_.push_back(name);
  Erase(&address.unserved, id);
  Connection& connection = connections_[id];
  connection.phase = Phase::kServed;
  connection.since = now;
  unauthenticated_.insert({now, id});
  return id;
}

bool ConnectionAdmission::CountCalls(Id id, int64_t calls, absl::Time now) {
  if (!IsUnauthenticated(id)) return false;
  Connection& connection = connections_[id];
  if (calls <= connection.calls_started) return false;
  connection.calls.Add(static_cast<double>(calls - connection.calls_started),
                       now);
  connection.calls_started = calls;
  callers_.insert(id);
  return true;
}

std::optional<ConnectionAdmission::Id> ConnectionAdmission::TimedOut(
    absl::Time now) const {
  if (!MustMakeRoom() || unauthenticated_.empty()) return std::nullopt;
  const auto& [since, id] = *unauthenticated_.begin();
  if (since + limits_.authentication_timeout > now) return std::nullopt;
  return id;
}

bool ConnectionAdmission::ExtendOne(absl::Time now) {
  const std::optional<Id> id = TimedOut(now);
  if (!id.has_value()) return false;
  Connection& connection = connections_[*id];
  Address& address = addresses_[connection.address];
  if (address.extended >= known_.Missing(connection.address, now)) {
    return false;
  }
  unauthenticated_.erase({connection.since, *id});
  connection.extended = true;
  ++address.extended;
  ++extended_;
  return true;
}

std::optional<ConnectionAdmission::Refusal> ConnectionAdmission::NextToClose(
    absl::Time now) const {
  if (!silent_.empty() &&
      silent_.begin()->first + limits_.first_byte_timeout <= now) {
    return Refuse(silent_.begin()->second, RefusedConnection::Reason::kSilent);
  }
  if (const std::optional<Id> id = TimedOut(now)) {
    return Refuse(*id, RefusedConnection::Reason::kUnauthenticated);
  }
  if (Calls(now) > limits_.unauthenticated_calls_max) {
    return Refuse(WithMostCalls(now), RefusedConnection::Reason::kTooManyCalls);
  }
  return std::nullopt;
}

absl::Time ConnectionAdmission::NextDeadline(absl::Time now) const {
  absl::Time next = absl::InfiniteFuture();
  if (!silent_.empty())
    next = silent_.begin()->first + limits_.first_byte_timeout;
  if (MustMakeRoom() && !unauthenticated_.empty()) {
    next = std::min(
        next, unauthenticated_.begin()->first + limits_.authentication_timeout);
  }
  if (pending_ > 0 && !Full()) next = std::min(next, AdmitsAgainAt(now));
  return next;
}

bool ConnectionAdmission::MarkAuthenticated(Id id, absl::Time now) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return false;
  Connection& connection = found->second;
  if (connection.phase != Phase::kServed) return false;
  LeaveUnauthenticated(id, &connection);
  connection.phase = Phase::kAuthenticated;
  known_.Add(connection.address, now);
  return true;
}

bool ConnectionAdmission::IsAuthenticated(Id id) const {
  const auto found = connections_.find(id);
  return found != connections_.end() &&
         found->second.phase == Phase::kAuthenticated;
}

bool ConnectionAdmission::IsUnauthenticated(Id id) const {
  const auto found = connections_.find(id);
  return found != connections_.end() && found->second.phase == Phase::kServed;
}

std::optional<ConnectionAdmission::Refusal>
ConnectionAdmission::CountFailedCall(Id id, absl::Time now) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return std::nullopt;
  Connection& connection = found->second;
  if (connection.phase == Phase::kEnded) return std::nullopt;
  connection.failed_calls.Add(1, now);
  if (connection.failed_calls.At(now) <= kFailedCallsMax) return std::nullopt;
  return Refuse(id, RefusedConnection::Reason::kTooManyCalls);
}

bool ConnectionAdmission::End(Id id, absl::Time now) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return true;
  Connection& connection = found->second;
  if (connection.phase != Phase::kServed) {
    Forget(id, now);
    return true;
  }
  LeaveUnauthenticated(id, &connection);
  calls_of_closed_.Add(connection.calls.At(now), now);
  connection.phase = Phase::kEnded;
  ++ended_;
  return false;
}

void ConnectionAdmission::LeaveUnauthenticated(Id id, Connection* connection) {
  unauthenticated_.erase({connection->since, id});
  callers_.erase(id);
  if (!std::exchange(connection->extended, false)) return;
  --extended_;
  --addresses_[connection->address].extended;
}

void ConnectionAdmission::Forget(Id id, absl::Time now) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  Connection connection = std::move(found->second);
  connections_.erase(found);
  silent_.erase({connection.since, id});
  LeaveUnauthenticated(id, &connection);
  if (connection.phase == Phase::kAuthenticated)
    known_.Remove(connection.address, now);
  if (connection.phase == Phase::kEnded) --ended_;
  if (connection.phase == Phase::kPending)
    RemovePending(id, connection.address);
  const auto address = addresses_.find(connection.address);
  Erase(&address->second.unserved, id);
  if (--address->second.connections == 0) addresses_.erase(address);
}

ConnectionCounts ConnectionAdmission::counts() const {
  ConnectionCounts counts;
  counts.silent = static_cast<int>(silent_.size());
  counts.pending = pending_;
  counts.unauthenticated =
      static_cast<int>(unauthenticated_.size()) + extended_ + ended_;
  counts.authenticated = static_cast<int>(connections_.size()) - counts.silent -
                         counts.pending - counts.unauthenticated;
  return counts;
}

bool ConnectionAdmission::Full() const {
  return static_cast<int>(unauthenticated_.size()) + ended_ >=
         limits_.unauthenticated_max;
}

bool ConnectionAdmission::MustMakeRoom() const {
  return Full() && pending_ > ended_;
}

double ConnectionAdmission::Calls(absl::Time now) const {
  double calls = 0;
  for (const Id id : callers_) calls += connections_.at(id).calls.At(now);
  return calls;
}

absl::Time ConnectionAdmission::AdmitsAgainAt(absl::Time now) const {
  const double left = limits_.unauthenticated_calls_max - Calls(now);
  return left < 0 ? absl::InfiniteFuture() : calls_of_closed_.DrainsTo(left);
}

ConnectionAdmission::Id ConnectionAdmission::WithMostCalls(
    absl::Time now) const {
  const auto calls = [&](Id id) { return connections_.at(id).calls.At(now); };
  return *std::max_element(callers_.begin(), callers_.end(),
                           [&](Id a, Id b) { return calls(a) < calls(b); });
}

ConnectionAdmission::Refusal ConnectionAdmission::Refuse(
    Id id, RefusedConnection::Reason reason) const {
  return {id, {connections_.at(id).address, reason}};
}

ConnectionAdmission::Id ConnectionAdmission::LatestOfBusiestAddress() const {
  const auto most = std::max_element(
      addresses_.begin(), addresses_.end(), [](const auto& a, const auto& b) {
        return a.second.unserved.size() < b.second.unserved.size();
      });
  return most->second.unserved.back();
}

void ConnectionAdmission::RemovePending(Id id, const std::string& name) {
  std::deque<Id>& pending = addresses_[name].pending;
  Erase(&pending, id);
  --pending_;
  if (pending.empty()) Erase(&round_robin_, name);
}

}  // namespace holdline
