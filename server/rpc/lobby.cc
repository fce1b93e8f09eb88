#include "server/rpc/lobby.h"

#include <algorithm>

namespace holdline {
namespace {

template <typename Value>
void Erase(std::deque<Value>* values, const Value& value) {
  const auto found = std::find(values->begin(), values->end(), value);
  if (found != values->end()) values->erase(found);
}

}  // namespace

std::optional<Lobby::Refusal> Lobby::Enter(Id id, const std::string& address,
                                           absl::Time now) {
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
    return Refuse(LatestOfTheMost(), RefusedConnection::Reason::kTooMany);
  }
  return std::nullopt;
}

void Lobby::Speak(Id id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  Connection& connection = found->second;
  if (connection.phase != Phase::kSilent) return;
  silent_.erase({connection.since, id});
  connection.phase = Phase::kWaiting;
  std::deque<Id>& waiting = addresses_[connection.address].waiting;
  if (waiting.empty()) turns_.push_back(connection.address);
  waiting.push_back(id);
  ++waiting_;
}

std::optional<Lobby::Id> Lobby::Serve(absl::Time now) {
  if (turns_.empty() || Crowded()) return std::nullopt;
  const std::string name = std::move(turns_.front());
  turns_.pop_front();
  Address& address = addresses_[name];
  const Id id = address.waiting.front();
  address.waiting.pop_front();
  --waiting_;
  if (!address.waiting.empty()) turns_.push_back(name);
  Erase(&address.unserved, id);
  Connection& connection = connections_[id];
  connection.phase = Phase::kNew;
  connection.since = now;
  newcomers_.insert({now, id});
  return id;
}

std::optional<Lobby::Refusal> Lobby::Overdue(absl::Time now) const {
  if (!silent_.empty() && silent_.begin()->first + limits_.silence_max <= now) {
    return Refuse(silent_.begin()->second, RefusedConnection::Reason::kSilent);
  }
  if (Crowded() && !newcomers_.empty() &&
      newcomers_.begin()->first + limits_.newcomer_time <= now) {
    return Refuse(newcomers_.begin()->second,
                  RefusedConnection::Reason::kUnknown);
  }
  return std::nullopt;
}

absl::Time Lobby::NextDeadline() const {
  absl::Time next = absl::InfiniteFuture();
  if (!silent_.empty()) next = silent_.begin()->first + limits_.silence_max;
  if (Crowded() && !newcomers_.empty()) {
    next = std::min(next, newcomers_.begin()->first + limits_.newcomer_time);
  }
  return next;
}

bool Lobby::Recognize(Id id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return false;
  Connection& connection = found->second;
  if (connection.phase != Phase::kNew) return false;
  newcomers_.erase({connection.since, id});
  connection.phase = Phase::kKnown;
  return true;
}

bool Lobby::IsKnown(Id id) const {
  const auto found = connections_.find(id);
  return found != connections_.end() && found->second.phase == Phase::kKnown;
}

std::optional<Lobby::Refusal> Lobby::Suspect(Id id, absl::Time now) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return std::nullopt;
  Connection& connection = found->second;
  if (connection.phase == Phase::kEnded) return std::nullopt;
  const double allowed = kVoidCallsPerSecond *
                         absl::ToDoubleSeconds(now - connection.void_calls_at);
  connection.void_calls = std::max(0.0, connection.void_calls - allowed) + 1;
  connection.void_calls_at = now;
  if (connection.void_calls <= kVoidCallsMax) return std::nullopt;
  return Refuse(id, RefusedConnection::Reason::kVoidCalls);
}

bool Lobby::End(Id id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return true;
  Connection& connection = found->second;
  if (connection.phase != Phase::kNew) {
    Forget(id);
    return true;
  }
  newcomers_.erase({connection.since, id});
  connection.phase = Phase::kEnded;
  ++ended_;
  return false;
}

void Lobby::Forget(Id id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  const Connection connection = std::move(found->second);
  connections_.erase(found);
  silent_.erase({connection.since, id});
  newcomers_.erase({connection.since, id});
  if (connection.phase == Phase::kEnded) --ended_;
  if (connection.phase == Phase::kWaiting) StopWaiting(id, connection.address);
  const auto address = addresses_.find(connection.address);
  Erase(&address->second.unserved, id);
  if (--address->second.connections == 0) addresses_.erase(address);
}

ConnectionCounts Lobby::counts() const {
  ConnectionCounts counts;
  counts.silent = static_cast<int>(silent_.size());
  counts.waiting = waiting_;
  counts.newcomers = static_cast<int>(newcomers_.size()) + ended_;
  counts.known = static_cast<int>(connections_.size()) - counts.silent -
                 counts.waiting - counts.newcomers;
  return counts;
}

bool Lobby::Crowded() const {
  return waiting_ > 0 &&
         static_cast<int>(newcomers_.size()) + ended_ >= limits_.newcomers_max;
}

Lobby::Refusal Lobby::Refuse(Id id, RefusedConnection::Reason reason) const {
  return {id, {connections_.at(id).address, reason}};
}

Lobby::Id Lobby::LatestOfTheMost() const {
  const auto most = std::max_element(
      addresses_.begin(), addresses_.end(), [](const auto& a, const auto& b) {
        return a.second.unserved.size() < b.second.unserved.size();
      });
  return most->second.unserved.back();
}

void Lobby::StopWaiting(Id id, const std::string& name) {
  std::deque<Id>& waiting = addresses_[name].waiting;
  Erase(&waiting, id);
  --waiting_;
  if (waiting.empty()) Erase(&turns_, name);
}

}  // namespace holdline
