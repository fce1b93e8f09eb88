// The messages of a validation, collected while it runs.

#ifndef HOLDLINE_SERVER_PIPELINE_VALIDATION_FINDINGS_H_
#define HOLDLINE_SERVER_PIPELINE_VALIDATION_FINDINGS_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/validation/validation_report.h"

namespace holdline {

// The longest message, in bytes (DATAPIPELINE section 13.2).
inline constexpr size_t kMessageBytesMax = 10000;

// Collects messages in any order of objects; repeated messages of an object are
// kept once. Not thread-safe.
class Findings {
 public:
  void Fatal(absl::string_view id, absl::string_view message);
  void Error(absl::string_view id, absl::string_view message);
  void Warning(absl::string_view id, absl::string_view message);

  // Adds an error: an edit that an activated pipeline does not allow.
  void Breaking(absl::string_view id, absl::string_view message);

  // Returns the messages in the order of the objects of the definition, then
  // those of other ids in the order in which they were added.
  ValidationReport Report(const Definition& definition) const;

 private:
  // The messages of one level.
  class List {
   public:
    void Add(absl::string_view id, absl::string_view message);
    std::vector<ObjectMessages> Sorted(
        const absl::flat_hash_map<absl::string_view, size_t>& ranks) const;

   private:
    std::vector<ObjectMessages> messages_;
    absl::flat_hash_map<std::string, size_t> index_;

    // Pairs of an index in `messages_` and a message.
    absl::flat_hash_set<std::pair<size_t, std::string>> said_;
  };

  List fatal_;
  List errors_;
  List warnings_;
  bool breaks_active_ = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_VALIDATION_FINDINGS_H_
