#include "server/queries/object_pages.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/contract/validation.h"
#include "server/pipeline/model/object_id.h"
#include "server/queries/marker.h"
#include "server/queries/object_reader.h"

namespace holdline {
namespace {

// How many runs are asked of the store at once, and how often for one page.
constexpr int kChunkRuns = 250;
constexpr int kChunksMax = 10;

// An instance, or one of its attempts.
struct Run {
  Instance instance;
  std::optional<Attempt> attempt;

  int number() const { return attempt.has_value() ? attempt->key.number : 0; }
};

// What the store answers at once, and where it goes on. Instances go by the
// number zero.
struct Chunk {
  std::vector<Run> runs;
  std::optional<AttemptKey> next_after;
};

// A run that matches: its place in the order of the answer, and its id.
struct Match {
  Run run;
  std::string instance_id;
  std::string id;

  auto Place() const {
    return std::make_tuple(run.instance.key.start, instance_id, run.number());
  }
};

// Reads the instances or attempts of one page.
//
// The store knows only the order of starts: all matches of one start are
// collected before they are sorted and told.
class RunPage {
 public:
  RunPage(PipelineReader* pipeline, const ObjectQuery& query, int limit)
      : pipeline_(pipeline),
        objects_(pipeline),
        query_(query),
        is_attempts_(query.sphere() == ObjectQuery::Sphere::kAttempt),
        limit_(static_cast<size_t>(limit)) {}

  absl::StatusOr<ObjectIdPage> Read(const std::string& marker);

 private:
  absl::Status StartAfter(const std::string& marker);
  absl::StatusOr<Chunk> ReadChunk(const RunFilter& filter,
                                  const std::optional<AttemptKey>& after);
  absl::StatusOr<Chunk> ReadInstances(const RunFilter& filter,
                                      const std::optional<AttemptKey>& after);
  absl::StatusOr<Chunk> ReadAttempts(const RunFilter& filter,
                                     const std::optional<AttemptKey>& after);
  absl::Status Consider(Run run);
  void EndStart();

  bool IsFull() const { return matches_.size() > limit_; }
  std::string MarkerAfter(const Match& match) const;
  std::string MarkerAt(absl::Time start) const;
  std::string MarkerOf(int version, absl::Time start, ComponentNumber component,
                       ComponentNumber owner, int number) const;
  ObjectIdPage Page(std::string marker_at_end);

  PipelineReader* const pipeline_;
  ObjectReader objects_;
  const ObjectQuery& query_;
  const bool is_attempts_;
  const size_t limit_;

  // Where the page begins: after this instance and number, if one is named.
  absl::Time start_ = absl::InfinitePast();
  std::string after_id_;
  int after_number_ = 0;

  // Those of the start that is being read, and those before it in order.
  std::vector<Match> group_;
  std::vector<Match> matches_;

  // The instance of the attempt that was read last.
  std::optional<Instance> instance_;
};

absl::StatusOr<ObjectIdPage> RunPage::Read(const std::string& marker) {
  absl::Status status = StartAfter(marker);
  if (!status.ok()) return status;
  const absl::StatusOr<absl::Span<const ComponentRecord>> components =
      pipeline_->Components();
  if (!components.ok()) return components.status();
  RunFilter filter = query_.Filter(pipeline_->number(), *components);
  filter.start.from = std::max(filter.start.from, start_);
  if (IsEmpty(filter)) return ObjectIdPage();

  std::optional<AttemptKey> after;
  for (int chunks = 1;; ++chunks) {
    absl::StatusOr<Chunk> chunk = ReadChunk(filter, after);
    if (!chunk.ok()) return chunk.status();
    for (Run& run : chunk->runs) {
      status = Consider(std::move(run));
      if (!status.ok()) return status;
      if (IsFull()) return Page("");
    }
    after = chunk->next_after;
    if (!after.has_value()) {
      EndStart();
      return Page("");
    }
    // However long the page took, the next one must begin later.
    const absl::Time next = after->instance.start;
    if (chunks < kChunksMax || next <= start_) continue;
    if (!group_.empty() && group_.front().run.instance.key.start < next) {
      EndStart();
    }
    return Page(MarkerAt(next));
  }
}

absl::Status RunPage::StartAfter(const std::string& marker) {
  if (marker.empty()) return absl::OkStatus();
  const absl::StatusOr<std::vector<int64_t>> numbers = ReadMarker(
      marker, is_attempts_ ? MarkerKind::kAttemptIds : MarkerKind::kInstanceIds,
      5);
  if (!numbers.ok()) return numbers.status();
  start_ = absl::FromUnixMicros((*numbers)[1]);
  const ComponentNumber component{static_cast<uint32_t>((*numbers)[2])};
  if (component == kNoComponent) return absl::OkStatus();
  Instance last;
  last.version = static_cast<int>((*numbers)[0]);
  last.key = {pipeline_->number(), start_, component,
              ComponentNumber{static_cast<uint32_t>((*numbers)[3])}};
  const absl::StatusOr<RunContext> context = pipeline_->ContextOf(last);
  if (!context.ok()) return context.status();
  after_id_ = InstanceId(*context->workflow, last.key);
  after_number_ = static_cast<int>((*numbers)[4]);
  return absl::OkStatus();
}

absl::StatusOr<Chunk> RunPage::ReadChunk(
    const RunFilter& filter, const std::optional<AttemptKey>& after) {
  return is_attempts_ ? ReadAttempts(filter, after)
                      : ReadInstances(filter, after);
}

absl::StatusOr<Chunk> RunPage::ReadInstances(
    const RunFilter& filter, const std::optional<AttemptKey>& after) {
  absl::StatusOr<InstancePage> page = pipeline_->archive().ListInstances(
      filter,
      after.has_value() ? std::make_optional(after->instance) : std::nullopt,
      kChunkRuns);
  if (!page.ok()) return page.status();
  Chunk chunk;
  for (Instance& instance : page->instances) {
    chunk.runs.push_back({std::move(instance), std::nullopt});
  }
  if (page->next_after.has_value()) chunk.next_after = {*page->next_after, 0};
  return chunk;
}

absl::StatusOr<Chunk> RunPage::ReadAttempts(
    const RunFilter& filter, const std::optional<AttemptKey>& after) {
  absl::StatusOr<AttemptPage> page =
      pipeline_->archive().ListAttempts(filter, after, kChunkRuns);
  if (!page.ok()) return page.status();
  Chunk chunk;
  for (Attempt& attempt : page->attempts) {
    if (!instance_.has_value() || instance_->key != attempt.key.instance) {
      absl::StatusOr<std::optional<Instance>> instance =
          pipeline_->archive().ReadInstance(attempt.key.instance);
      if (!instance.ok()) return instance.status();
      instance_ = *std::move(instance);
      if (!instance_.has_value()) continue;  // deleted meanwhile
    }
    chunk.runs.push_back({*instance_, std::move(attempt)});
  }
  chunk.next_after = page->next_after;
  return chunk;
}

// Keeps the run if it matches. Those of the starts before its own are complete.
absl::Status RunPage::Consider(Run run) {
  if (!group_.empty() &&
      group_.front().run.instance.key.start != run.instance.key.start) {
    EndStart();
  }
  absl::StatusOr<PipelineObject> object =
      run.attempt.has_value() ? objects_.Describe(run.instance, *run.attempt)
                              : objects_.Describe(run.instance);
  if (!object.ok()) return object.status();
  if (!query_.Matches(*object)) return absl::OkStatus();
  const absl::StatusOr<RunContext> context = pipeline_->ContextOf(run.instance);
  if (!context.ok()) return context.status();
  std::string instance_id = InstanceId(*context->workflow, run.instance.key);
  group_.push_back(
      {std::move(run), std::move(instance_id), std::move(object->id)});
  return absl::OkStatus();
}

void RunPage::EndStart() {
  std::sort(group_.begin(), group_.end(), [](const Match& a, const Match& b) {
    return a.Place() < b.Place();
  });
  const auto last = std::make_tuple(start_, after_id_, after_number_);
  for (Match& match : group_) {
    if (after_id_.empty() || match.Place() > last) {
      matches_.push_back(std::move(match));
    }
  }
  group_.clear();
}

std::string RunPage::MarkerOf(int version, absl::Time start,
                              ComponentNumber component, ComponentNumber owner,
                              int number) const {
  return MakeMarker(
      is_attempts_ ? MarkerKind::kAttemptIds : MarkerKind::kInstanceIds,
      {version, absl::ToUnixMicros(start), static_cast<int64_t>(component),
       static_cast<int64_t>(owner), number});
}

std::string RunPage::MarkerAfter(const Match& match) const {
  const Instance& instance = match.run.instance;
  return MarkerOf(instance.version, instance.key.start, instance.key.component,
                  instance.key.owner, match.run.number());
}

std::string RunPage::MarkerAt(absl::Time start) const {
  return MarkerOf(0, start, kNoComponent, kNoComponent, 0);
}

ObjectIdPage RunPage::Page(std::string marker_at_end) {
  ObjectIdPage page;
  if (IsFull()) {
    matches_.resize(limit_);
    page.marker = MarkerAfter(matches_.back());
  } else {
    page.marker = std::move(marker_at_end);
  }
  for (Match& match : matches_) page.ids.push_back(std::move(match.id));
  return page;
}

absl::StatusOr<ObjectIdPage> ReadComponentIds(PipelineReader* pipeline,
                                              const ObjectQuery& query,
                                              const std::string& marker,
                                              size_t limit) {
  std::vector<int64_t> place = {pipeline->record().saved_version, 0};
  if (!marker.empty()) {
    absl::StatusOr<std::vector<int64_t>> numbers =
        ReadMarker(marker, MarkerKind::kComponentIds, 2);
    if (!numbers.ok()) return numbers.status();
    place = *std::move(numbers);
  }
  const absl::StatusOr<const PipelineReader::Version*> version =
      pipeline->VersionOf(static_cast<int>(place[0]));
  if (!version.ok()) return version.status();
  if (*version == nullptr) {
    if (marker.empty()) return ObjectIdPage();
    return ConstraintError(
        "marker",
        "Member must not be a marker of a definition that no longer exists");
  }
  ObjectReader reader(pipeline);
  const size_t count = (*version)->definition->objects.size();
  ObjectIdPage page;
  for (auto i = static_cast<size_t>(place[1]); i < count; ++i) {
    absl::StatusOr<PipelineObject> object =
        reader.DescribeComponent(**version, i, {});
    if (!object.ok()) return object.status();
    if (!query.Matches(*object)) continue;
    if (page.ids.size() == limit) {
      page.marker = MakeMarker(MarkerKind::kComponentIds,
                               {place[0], static_cast<int64_t>(i)});
      return page;
    }
    page.ids.push_back(std::move(object->id));
  }
  return page;
}

}  // namespace

absl::StatusOr<ObjectIdPage> ReadObjectIds(PipelineReader* pipeline,
                                           const ObjectQuery& query,
                                           const std::string& marker,
                                           int limit) {
  if (query.sphere() == ObjectQuery::Sphere::kComponent) {
    return ReadComponentIds(pipeline, query, marker,
                            static_cast<size_t>(limit));
  }
  return RunPage(pipeline, query, limit).Read(marker);
}

}  // namespace holdline
