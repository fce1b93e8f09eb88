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
  if (turns_.empty() || Full() || CalmAt(now) > now) return std::nullopt;
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

bool Lobby::CallsStarted(Id id, int64_t calls, absl::Time now) {
  if (!IsNewcomer(id)) return false;
  Connection& connection = connections_[id];
  if (calls <= connection.calls_started) return false;
  connection.calls.Add(static_cast<double>(calls - connection.calls_started),
                       now);
  connection.calls_started = calls;
  callers_.insert(id);
  return true;
}

std::optional<Lobby::Id> Lobby::Overstaying(absl::Time now) const {
  if (!Crowded() || newcomers_.empty()) return std::nullopt;
  const auto& [since, id] = *newcomers_.begin();
  if (since + limits_.newcomer_time > now) return std::nullopt;
  return id;
}

bool Lobby::LetLinger(absl::Time now) {
  const std::optional<Id> id = Overstaying(now);
  if (!id.has_value()) return false;
  Connection& connection = connections_[*id];
  Address& address = addresses_[connection.address];
  if (address.lingering >= known_.Missing(connection.address, now)) {
    return false;
  }
  newcomers_.erase({connection.since, *id});
  connection.lingers = true;
  ++address.lingering;
  ++lingering_;
  return true;
}

std::optional<Lobby::Refusal> Lobby::Overdue(absl::Time now) const {
  if (!silent_.empty() && silent_.begin()->first + limits_.silence_max <= now) {
    return Refuse(silent_.begin()->second, RefusedConnection::Reason::kSilent);
  }
  if (const std::optional<Id> id = Overstaying(now)) {
    return Refuse(*id, RefusedConnection::Reason::kUnknown);
  }
  if (Calls(now) > limits_.newcomer_calls_max) {
    return Refuse(Loudest(now), RefusedConnection::Reason::kVoidCalls);
  }
  return std::nullopt;
}

absl::Time Lobby::NextDeadline(absl::Time now) const {
  absl::Time next = absl::InfiniteFuture();
  if (!silent_.empty()) next = silent_.begin()->first + limits_.silence_max;
  if (Crowded() && !newcomers_.empty()) {
    next = std::min(next, newcomers_.begin()->first + limits_.newcomer_time);
  }
  if (waiting_ > 0 && !Full()) next = std::min(next, CalmAt(now));
  return next;
}

bool Lobby::Recognize(Id id, absl::Time now) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return false;
  Connection& connection = found->second;
  if (connection.phase != Phase::kNew) return false;
  StopBeingNew(id, &connection);
  connection.phase = Phase::kKnown;
  known_.Add(connection.address, now);
  return true;
}

bool Lobby::IsKnown(Id id) const {
  const auto found = connections_.find(id);
  return found != connections_.end() && found->second.phase == Phase::kKnown;
}

bool Lobby::IsNewcomer(Id id) const {
  const auto found = connections_.find(id);
  return found != connections_.end() && found->second.phase == Phase::kNew;
}

std::optional<Lobby::Refusal> Lobby::Suspect(Id id, absl::Time now) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return std::nullopt;
  Connection& connection = found->second;
  if (connection.phase == Phase::kEnded) return std::nullopt;
  connection.void_calls.Add(1, now);
  if (connection.void_calls.At(now) <= kVoidCallsMax) return std::nullopt;
  return Refuse(id, RefusedConnection::Reason::kVoidCalls);
}

bool Lobby::End(Id id, absl::Time now) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return true;
  Connection& connection = found->second;
  if (connection.phase != Phase::kNew) {
    Forget(id, now);
    return true;
  }
  StopBeingNew(id, &connection);
  calls_of_gone_.Add(connection.calls.At(now), now);
  connection.phase = Phase::kEnded;
  ++ended_;
  return false;
}

void Lobby::StopBeingNew(Id id, Connection* connection) {
  newcomers_.erase({connection->since, id});
  callers_.erase(id);
  if (!std::exchange(connection->lingers, false)) return;
  --lingering_;
  --addresses_[connection->address].lingering;
}

void Lobby::Forget(Id id, absl::Time now) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  Connection connection = std::move(found->second);
  connections_.erase(found);
  silent_.erase({connection.since, id});
  StopBeingNew(id, &connection);
  if (connection.phase == Phase::kKnown) known_.Remove(connection.address, now);
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
  counts.newcomers = static_cast<int>(newcomers_.size()) + lingering_ + ended_;
  counts.known = static_cast<int>(connections_.size()) - counts.silent -
                 counts.waiting - counts.newcomers;
  return counts;
}

bool Lobby::Full() const {
  return static_cast<int>(newcomers_.size()) + ended_ >= limits_.newcomers_max;
}

bool Lobby::Crowded() const { return Full() && waiting_ > ended_; }

double Lobby::Calls(absl::Time now) const {
  double calls = 0;
  for (const Id id : callers_) calls += connections_.at(id).calls.At(now);
  return calls;
}

absl::Time Lobby::CalmAt(absl::Time now) const {
  const double left = limits_.newcomer_calls_max - Calls(now);
  return left < 0 ? absl::InfiniteFuture() : calls_of_gone_.SinksTo(left);
}

Lobby::Id Lobby::Loudest(absl::Time now) const {
  const auto calls = [&](Id id) { return connections_.at(id).calls.At(now); };
  return *std::max_element(callers_.begin(), callers_.end(),
                           [&](Id a, Id b) { return calls(a) < calls(b); });
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
