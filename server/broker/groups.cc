#include "server/broker/groups.h"

#include <cassert>
#include <utility>

namespace holdline {

void Groups::AddDelayed(const Task& task) {
  ++At(task.spec.group)->second.delayed;
}

void Groups::RemoveDelayed(const Task& task) {
  auto it = Existing(task.spec.group);
  --it->second.delayed;
  Tidy(it);
}

void Groups::AddReady(const Task& task) {
  At(task.spec.group)->second.ready.Add(task);
}

void Groups::RemoveReady(const Task& task) {
  auto it = Existing(task.spec.group);
  it->second.ready.Remove(task);
  Tidy(it);
}

void Groups::AddLeased(const Task& task) {
  ++At(task.spec.group)->second.leased;
}

void Groups::RemoveLeased(const Task& task) {
  auto it = Existing(task.spec.group);
  --it->second.leased;
  Tidy(it);
}

void Groups::Park(ParkedPoll poll, bool resting) {
  auto condition = At(poll.group);
  const CallId call = poll.call;
  Queue& queue =
      resting ? condition->second.resting : condition->second.waiting;
  auto position = queue.insert(queue.end(), std::move(poll));
  const bool added =
      places_.try_emplace(call, Place{condition, resting, position}).second;
  assert(added);
  (void)added;
}

std::optional<ParkedPoll> Groups::Unpark(CallId call) {
  auto it = places_.find(call);
  if (it == places_.end()) return std::nullopt;
  const Place place = it->second;
  places_.erase(it);
  Condition& condition = place.condition->second;
  Queue& queue = place.resting ? condition.resting : condition.waiting;
  ParkedPoll poll = std::move(*place.position);
  queue.erase(place.position);
  Tidy(place.condition);
  return poll;
}

const ParkedPoll* Groups::Find(CallId call) const {
  auto it = places_.find(call);
  return it == places_.end() ? nullptr : &*it->second.position;
}

void Groups::SetResting(CallId call, bool resting) {
  Place& place = places_.at(call);
  if (place.resting == resting) return;
  place.resting = resting;
  changes_.Note(place.condition->first);
  Condition& condition = place.condition->second;
  Queue& from = resting ? condition.waiting : condition.resting;
  Queue& to = resting ? condition.resting : condition.waiting;
  to.splice(to.end(), from, place.position);
}

void Groups::Set(const GroupSettings& settings) {
  auto it = At(settings.group);
  it->second.settings = settings;
  Tidy(it);
}

bool Groups::HasTaskForNext(const GroupKey& group) const {
  auto it = conditions_.find(group);
  return it != conditions_.end() && !it->second.settings.paused &&
         it->second.ready.size() > it->second.waiting.size();
}

bool Groups::CanMatch(const GroupKey& group) const {
  auto it = conditions_.find(group);
  return it != conditions_.end() && !it->second.settings.paused &&
         !it->second.ready.empty() && !it->second.waiting.empty();
}

std::optional<Match> Groups::TakeMatch(const GroupKey& group) {
  if (!CanMatch(group)) return std::nullopt;
  auto it = Existing(group);
  Condition& condition = it->second;
  Match match{condition.ready.Pop(), std::move(condition.waiting.front())};
  condition.waiting.pop_front();
  places_.erase(match.poll.call);
  Tidy(it);
  return match;
}

GroupView Groups::View(const GroupKey& group) const {
  auto it = conditions_.find(group);
  if (it != conditions_.end()) return ViewOf(it->second);
  GroupView empty;
  empty.settings.group = group;
  return empty;
}

std::vector<GroupView> Groups::List(const std::optional<AccountId>& account,
                                    const GroupKey& after, int limit,
                                    bool* more) const {
  std::vector<GroupView> views;
  *more = false;
  auto it = conditions_.upper_bound(after);
  if (account.has_value() && after.account < *account) {
    it = conditions_.lower_bound({*account, ""});
  }
  for (; it != conditions_.end(); ++it) {
    if (account.has_value() && it->first.account != *account) break;
    if (static_cast<int>(views.size()) == limit) {
      *more = true;
      break;
    }
    views.push_back(ViewOf(it->second));
  }
  return views;
}

GroupChangesAnswer Groups::Changes(const InspectGroupChanges& inspect,
                                   absl::Time now) {
  const ChangedGroups changed =
      changes_.After(inspect.account, inspect.after, inspect.limit, now);
  GroupChangesAnswer answer;
  answer.upto = changed.upto;
  answer.more = changed.more;
  answer.lost = changed.lost;
  for (const std::string& name : changed.names) {
    auto it = conditions_.find({inspect.account, name});
    if (it == conditions_.end()) {
      answer.gone.push_back(name);
    } else {
      answer.groups.push_back(ViewOf(it->second));
    }
  }
  return answer;
}

std::vector<CallId> Groups::parked_calls() const {
  std::vector<CallId> calls;
  calls.reserve(places_.size());
  for (const auto& [call, place] : places_) calls.push_back(call);
  return calls;
}

Groups::Conditions::iterator Groups::At(const GroupKey& group) {
  auto [it, is_new] = conditions_.try_emplace(group, priority_step_);
  if (is_new) it->second.settings.group = group;
  changes_.Note(group);
  return it;
}

Groups::Conditions::iterator Groups::Existing(const GroupKey& group) {
  auto it = conditions_.find(group);
  assert(it != conditions_.end());
  return it;
}

void Groups::Tidy(Conditions::iterator it) {
  changes_.Note(it->first);
  const Condition& condition = it->second;
  if (condition.ready.empty() && condition.delayed == 0 &&
      condition.leased == 0 && condition.waiting.empty() &&
      condition.resting.empty() && !condition.settings.paused &&
      !condition.settings.draining) {
    conditions_.erase(it);
  }
}

GroupView Groups::ViewOf(const Condition& condition) {
  GroupView view;
  view.settings = condition.settings;
  view.ready_tasks = static_cast<int64_t>(condition.ready.size());
  view.delayed_tasks = condition.delayed;
  view.leased_tasks = condition.leased;
  view.resting_calls = static_cast<int64_t>(condition.resting.size());
  view.parked_calls =
      static_cast<int64_t>(condition.waiting.size()) + view.resting_calls;
  view.oldest_ready_at = condition.ready.oldest();
  return view;
}

}  // namespace holdline
