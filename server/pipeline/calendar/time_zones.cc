#include "server/pipeline/calendar/time_zones.h"

#include <cstddef>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/synchronization/mutex.h"

namespace holdline {
namespace {

constexpr size_t kNameLengthMax = 64;

// Whether the text can name a zone. Abseil would read any file by a path that
// is absolute, climbs, or begins with `file:`.
bool IsZoneName(absl::string_view name) {
  if (name.empty() || name.size() > kNameLengthMax) return false;
  if (!absl::ascii_isalpha(name[0])) return false;
  for (char letter : name) {
    if (!absl::ascii_isalnum(letter) && !absl::StrContains("_+-/", letter)) {
      return false;
    }
  }
  return true;
}

class Zones {
 public:
  std::optional<absl::TimeZone> Find(absl::string_view name) {
    absl::MutexLock lock(&mutex_);
    const auto known = known_.find(name);
    if (known != known_.end()) return known->second;
    if (unknown_.contains(name) || unknown_.size() >= kUnknownZonesMax) {
      return std::nullopt;
    }
    absl::TimeZone zone;
    if (!absl::LoadTimeZone(std::string(name), &zone)) {
      unknown_.emplace(name);
      return std::nullopt;
    }
    known_.emplace(name, zone);
    return zone;
  }

 private:
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, absl::TimeZone> known_
      ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_set<std::string> unknown_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::optional<absl::TimeZone> FindTimeZone(absl::string_view name) {
  static Zones* const zones = new Zones();
  if (!IsZoneName(name)) return std::nullopt;
  return zones->Find(name);
}

}  // namespace holdline
