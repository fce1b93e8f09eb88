#include "server/pipeline/definition/dependencies.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace holdline {
namespace {

// The position of what is not on a path.
constexpr size_t kNowhere = static_cast<size_t>(-1);

// Finds cycles: takes away what depends on nothing that is left, until all that
// is left leads into a cycle; cuts one out and goes on from where that was
// entered, so that each dependency is followed once.
class CycleFinder {
 public:
  explicit CycleFinder(const DependencyGraph& graph)
      : graph_(graph),
        waits_for_(graph.size()),
        dependents_(graph.size()),
        followed_(graph.size()),
        position_(graph.size(), kNowhere) {
    for (size_t i = 0; i < graph.size(); ++i) {
      waits_for_[i] = graph[i].size();
      for (int dependency : graph[i]) dependents_[dependency].push_back(i);
    }
  }

  std::vector<std::vector<int>> Find() {
    is_left_.assign(graph_.size(), true);
    std::vector<int> free;
    for (size_t i = 0; i < graph_.size(); ++i) {
      if (waits_for_[i] == 0) free.push_back(static_cast<int>(i));
    }
    TakeAway(std::move(free));
    std::vector<std::vector<int>> cycles;
    for (size_t i = 0; i < graph_.size(); ++i) {
      while (is_left_[i]) {
        cycles.push_back(Follow(static_cast<int>(i)));
        TakeAway(cycles.back());
        LeavePath();
      }
    }
    return cycles;
  }

 private:
  // Takes these away, and all that then depends on nothing any more.
  void TakeAway(std::vector<int> places) {
    for (int place : places) is_left_[place] = false;
    while (!places.empty()) {
      const int place = places.back();
      places.pop_back();
      for (int dependent : dependents_[place]) {
        if (--waits_for_[dependent] == 0 && is_left_[dependent]) {
          is_left_[dependent] = false;
          places.push_back(dependent);
        }
      }
    }
  }

  // Returns the cycle into which the path leads, or one that begins here, from
  // its first place on.
  std::vector<int> Follow(int from) {
    int place = path_.empty() ? from : Next(path_.back());
    while (position_[place] == kNowhere) {
      position_[place] = path_.size();
      path_.push_back(place);
      place = Next(place);
    }
    std::vector<int> cycle(path_.begin() + position_[place], path_.end());
    std::rotate(cycle.begin(), std::min_element(cycle.begin(), cycle.end()),
                cycle.end());
    return cycle;
  }

  // The first dependency that is left. What is taken away does not come back.
  int Next(int place) {
    size_t& at = followed_[place];
    while (!is_left_[graph_[place][at]]) ++at;
    return graph_[place][at];
  }

  // Goes back to what is left of the path: whoever was taken away depends on
  // none of those before it.
  void LeavePath() {
    while (!path_.empty() && !is_left_[path_.back()]) {
      position_[path_.back()] = kNowhere;
      path_.pop_back();
    }
  }

  const DependencyGraph& graph_;
  std::vector<size_t> waits_for_;
  std::vector<std::vector<int>> dependents_;
  std::vector<bool> is_left_;

  // Of each place, up to which of its dependencies all are taken away.
  std::vector<size_t> followed_;

  // A path of those that are left, each of which depends on the next, and where
  // on it each place stands.
  std::vector<int> path_;
  std::vector<size_t> position_;
};

}  // namespace

DependencyGraph DependenciesOf(const ResolvedDefinition& definition) {
  const absl::Span<const ResolvedObject> objects = definition.objects();
  DependencyGraph graph(objects.size());
  const auto place = [&](const std::string& id) {
    const ResolvedObject* object = definition.Find(id);
    return object == nullptr ? -1 : static_cast<int>(object - objects.data());
  };
  for (size_t i = 0; i < objects.size(); ++i) {
    if (!IsRunnable(objects[i].family())) continue;
    for (absl::string_view key : {"dependsOn", "input", "precondition"}) {
      for (const std::string& id : objects[i].References(key)) {
        if (place(id) >= 0) graph[i].push_back(place(id));
      }
    }
    for (const std::string& id : objects[i].References("output")) {
      if (place(id) >= 0) graph[place(id)].push_back(static_cast<int>(i));
    }
  }
  for (std::vector<int>& places : graph) {
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
  }
  return graph;
}

std::vector<std::vector<int>> Cycles(const DependencyGraph& graph) {
  return CycleFinder(graph).Find();
}

}  // namespace holdline
