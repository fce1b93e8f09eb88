// The encoding of definitions, tags and lists of instances in databases before
// version 6. Only read, by the migration to that version.
//
// A number is a varint: seven bits a byte, lowest first, with the eighth bit
// set in all bytes but the last. A text is its length and its bytes. Each value
// begins with the version of the encoding, 1; an empty list of tags or
// instances is encoded as no bytes.

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

// `near` is the instance relative to which they were encoded.
std::optional<std::vector<InstanceKey>> UnpackInstances(
    absl::string_view packed, const InstanceKey& near);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_PACKED_FORM_H_
