// The encoding of model types as messages of stored.proto, and the decoding.

#ifndef HOLDLINE_SERVER_STORE_SQL_STORED_MESSAGES_H_
#define HOLDLINE_SERVER_STORE_SQL_STORED_MESSAGES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/record.h"

namespace holdline {

// An empty list is encoded as no bytes.
std::string EncodeTags(const std::vector<Tag>& tags);
std::string EncodeDefinition(const Definition& definition);

// Keys are encoded relative to `near`: the instance of the row, or, if it has
// none, a key with the row's pipeline. Times are kept to the microsecond.
std::string EncodeInstance(const InstanceKey& instance,
                           const InstanceKey& near);
std::string EncodeInstances(const std::vector<InstanceKey>& instances,
                            const InstanceKey& near);

// Return whether `bytes` are a valid message; if not, the output is
// unspecified.
bool DecodeTags(absl::string_view bytes, std::vector<Tag>& tags);
bool DecodeDefinition(absl::string_view bytes, Definition& definition);
bool DecodeInstance(absl::string_view bytes, const InstanceKey& near,
                    InstanceKey& instance);
bool DecodeInstances(absl::string_view bytes, const InstanceKey& near,
                     std::vector<InstanceKey>& instances);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQL_STORED_MESSAGES_H_
