// How definitions, tags and lists of instances are kept in one column each.
//
// Each begins with the version of its form; an empty list of tags or instances
// is no byte at all. A form that databases have is read for ever: a new one
// gets the next version.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_PACKED_LISTS_H_
#define HOLDLINE_SERVER_STORE_SQLITE_PACKED_LISTS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/record.h"

namespace holdline {

std::string PackDefinition(const Definition& definition);
std::string PackTags(const std::vector<Tag>& tags);

// Is shorter if the instances are of the pipeline and the interval of `near`.
// Times are kept to the microsecond.
std::string PackInstances(const std::vector<InstanceKey>& instances,
                          const InstanceKey& near);

// Return nothing if `packed` is damaged or of a later version.
std::optional<Definition> UnpackDefinition(absl::string_view packed);
std::optional<std::vector<Tag>> UnpackTags(absl::string_view packed);
std::optional<std::vector<InstanceKey>> UnpackInstances(
    absl::string_view packed, const InstanceKey& near);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_PACKED_LISTS_H_
