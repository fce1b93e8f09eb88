#include "client/command_line/top_frame.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/command_line/group_text.h"
#include "client/command_line/verb/proto_time.h"
#include "client/command_line/verb/table.h"

namespace holdline::client {
namespace {

constexpr absl::Duration kTrendTime = absl::Seconds(10);
constexpr absl::Duration kTrendMin = absl::Seconds(1);

using Groups = std::vector<const v1::Group*>;

// By what a group stands in the table: the greatest first.
using Rank = std::function<double(const v1::Group&)>;

double Age(const v1::Group& group) {
  return group.has_oldest_ready_time()
             ? -absl::ToDoubleSeconds(FromProto(group.oldest_ready_time()) -
                                      absl::UnixEpoch())
             : -absl::ToDoubleSeconds(absl::InfiniteDuration());
}

Rank RankOf(const std::string& sort) {
  if (sort == "ready")
    return [](const v1::Group& g) { return g.ready_tasks(); };
  if (sort == "oldest") return Age;
  if (sort == "delayed") {
    return [](const v1::Group& g) { return g.delayed_tasks(); };
  }
  if (sort == "at-work") {
    return [](const v1::Group& g) { return g.leased_tasks(); };
  }
  if (sort == "polls") {
    return [](const v1::Group& g) { return g.parked_calls(); };
  }
  return [](const v1::Group&) { return 0; };
}

// Of equal ones the names decide, in whose order they come.
Groups Sorted(const TopView& view) {
  Groups groups;
  for (const auto& [name, group] : view.groups) groups.push_back(&group);
  const Rank rank = RankOf(view.sort);
  std::stable_sort(groups.begin(), groups.end(),
                   [&](const v1::Group* a, const v1::Group* b) {
                     return rank(*a) > rank(*b);
                   });
  return groups;
}

std::string Summary(const TopView& view) {
  int64_t ready = 0, delayed = 0, leased = 0, polls = 0;
  for (const auto& [name, group] : view.groups) {
    ready += group.ready_tasks();
    delayed += group.delayed_tasks();
    leased += group.leased_tasks();
    polls += group.parked_calls();
  }
  return absl::StrCat(
      absl::FormatTime("%H:%M:%S", view.now, absl::LocalTimeZone()), "  ",
      view.groups.size(), view.groups.size() == 1 ? " group, " : " groups, ",
      ready, " ready, ", delayed, " delayed, ", leased, " at work, ", polls,
      " polls held");
}

std::string TrendText(double per_second) {
  if (per_second > -0.05 && per_second < 0.05) return "0";
  return absl::StrFormat("%+.1f", per_second);
}

Table TableOf(const TopView& view, const Groups& groups, size_t count) {
  Table table({"GROUP", "READY", "CHANGE/S", "OLDEST READY", "DELAYED",
               "AT WORK", "POLLS HELD", "SETTING"});
  for (size_t i = 0; i < count; ++i) {
    const v1::Group& group = *groups[i];
    table.Add({group.worker_group(), absl::StrCat(group.ready_tasks()),
               TrendText(view.trend.PerSecond(group.worker_group())),
               OldestText(group, view.now), absl::StrCat(group.delayed_tasks()),
               absl::StrCat(group.leased_tasks()), PollsText(group),
               GroupSetting(group)});
  }
  return table;
}

// The beginning of a line, of so many characters of UTF-8 at most.
std::string Cut(absl::string_view line, size_t characters_max) {
  size_t bytes = 0;
  for (size_t characters = 0; bytes < line.size(); ++bytes) {
    const bool begins =
        (static_cast<unsigned char>(line[bytes]) & 0xc0) != 0x80;
    if (begins && ++characters > characters_max) break;
  }
  return std::string(line.substr(0, bytes));
}

}  // namespace

void BacklogTrend::Note(const WatchedGroups::ByName& groups, absl::Time now) {
  Sample sample{now, {}};
  for (const auto& [name, group] : groups) {
    sample.ready.emplace(name, group.ready_tasks());
  }
  // As many samples as seconds, however often somebody looks.
  if (samples_.size() > 1 &&
      samples_.back().at < samples_[samples_.size() - 2].at + kTrendMin) {
    samples_.pop_back();
  }
  samples_.push_back(std::move(sample));
  while (samples_.size() > 2 && samples_[1].at <= now - kTrendTime) {
    samples_.pop_front();
  }
}

double BacklogTrend::PerSecond(const std::string& group) const {
  if (samples_.empty()) return 0;
  const Sample& first = samples_.front();
  const Sample& last = samples_.back();
  const absl::Duration time = last.at - first.at;
  if (time < kTrendMin) return 0;
  const auto ready = [&](const Sample& sample) {
    const auto it = sample.ready.find(group);
    return it == sample.ready.end() ? int64_t{0} : it->second;
  };
  return static_cast<double>(ready(last) - ready(first)) /
         absl::ToDoubleSeconds(time);
}

const std::vector<std::string>& TopSorts() {
  static const auto* const sorts = new std::vector<std::string>(
      {"ready", "oldest", "delayed", "at-work", "polls", "name"});
  return *sorts;
}

// Two lines go before the groups, and one may be needed for those left out.
std::string TopFrame(const TopView& view) {
  const Groups groups = Sorted(view);
  size_t count = groups.size();
  if (count + 2 > view.lines_max) {
    count = std::max<size_t>(view.lines_max, 3) - 3;
  }
  std::string text =
      absl::StrCat(Summary(view), "\n", TableOf(view, groups, count).Text());
  if (count < groups.size()) {
    absl::StrAppend(&text, "and ", groups.size() - count, " more\n");
  }
  std::vector<std::string> lines;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    lines.push_back(Cut(line, view.columns_max));
  }
  return absl::StrJoin(lines, "\n");
}

}  // namespace holdline::client
