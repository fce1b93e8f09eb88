#include "server/pipeline/dependencies.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace holdline {
namespace {

// Finds cycles: takes away what depends on nothing that is left, until all that
// is left leads into a cycle; cuts one out and goes on.
class CycleFinder {
 public:
  explicit CycleFinder(const DependencyGraph& graph)
      : graph_(graph), waits_for_(graph.size()), dependents_(graph.size()) {
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

  // Returns the cycle into which this one leads, from its first place on.
  std::vector<int> Follow(int from) const {
    std::vector<int> path;
    absl::flat_hash_map<int, size_t> position;
    int place = from;
    while (position.try_emplace(place, path.size()).second) {
      path.push_back(place);
      place = *std::find_if(graph_[place].begin(), graph_[place].end(),
                            [this](int next) { return is_left_[next]; });
    }
    path.erase(path.begin(), path.begin() + position[place]);
    std::rotate(path.begin(), std::min_element(path.begin(), path.end()),
                path.end());
    return path;
  }

  const DependencyGraph& graph_;
  std::vector<size_t> waits_for_;
  std::vector<std::vector<int>> dependents_;
  std::vector<bool> is_left_;
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
