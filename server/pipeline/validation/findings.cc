#include "server/pipeline/validation/findings.h"

#include <algorithm>

#include "server/base/utf8.h"

namespace holdline {
namespace {

// Returns the text, cut between two characters if it is too long.
absl::string_view Cut(absl::string_view text) {
  return WholeCharacters(text, kMessageBytesMax);
}

}  // namespace

void Findings::Fatal(absl::string_view id, absl::string_view message) {
  fatal_.Add(id, message);
}

void Findings::Error(absl::string_view id, absl::string_view message) {
  errors_.Add(id, message);
}

void Findings::Warning(absl::string_view id, absl::string_view message) {
  warnings_.Add(id, message);
}

void Findings::Breaking(absl::string_view id, absl::string_view message) {
  breaks_active_ = true;
  Error(id, message);
}

ValidationReport Findings::Report(const Definition& definition) const {
  absl::flat_hash_map<absl::string_view, size_t> ranks;
  for (const PipelineObject& object : definition.objects) {
    ranks.try_emplace(object.id, ranks.size());
  }
  ValidationReport report;
  report.fatal = fatal_.Sorted(ranks);
  report.errors = errors_.Sorted(ranks);
  report.warnings = warnings_.Sorted(ranks);
  report.breaks_active = breaks_active_;
  return report;
}

void Findings::List::Add(absl::string_view id, absl::string_view message) {
  const auto [entry, is_new] = index_.try_emplace(id, messages_.size());
  if (is_new) messages_.push_back({std::string(id), {}});
  std::string cut(Cut(message));
  if (said_.emplace(entry->second, cut).second) {
    messages_[entry->second].messages.push_back(std::move(cut));
  }
}

std::vector<ObjectMessages> Findings::List::Sorted(
    const absl::flat_hash_map<absl::string_view, size_t>& ranks) const {
  const auto rank = [&ranks](const ObjectMessages& messages) {
    const auto found = ranks.find(messages.id);
    return found == ranks.end() ? ranks.size() : found->second;
  };
  std::vector<ObjectMessages> sorted = messages_;
  std::stable_sort(
      sorted.begin(), sorted.end(),
      [&rank](const ObjectMessages& left, const ObjectMessages& right) {
        return rank(left) < rank(right);
      });
  return sorted;
}

}  // namespace holdline
