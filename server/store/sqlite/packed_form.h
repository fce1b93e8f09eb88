// The form in which databases before version 6 kept definitions, tags and lists
// of instances: read by the migration to that version, and written by nobody.
//
// A number takes seven bits a byte, lowest first, with the eighth set in all
// but the last. A text is its length and its bytes. Each value begins with the
// version of its form, which is 1; an empty list of tags or instances is no
// byte at all.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_PACKED_FORM_H_
#define HOLDLINE_SERVER_STORE_SQLITE_PACKED_FORM_H_

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/record.h"

namespace holdline {

// Return nothing if `packed` is damaged.
std::optional<Definition> UnpackDefinition(absl::string_view packed);
std::optional<std::vector<Tag>> UnpackTags(absl::string_view packed);

// `near` is the instance that they were packed by.
std::optional<std::vector<InstanceKey>> UnpackInstances(
    absl::string_view packed, const InstanceKey& near);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_PACKED_FORM_H_
