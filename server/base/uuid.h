// UUIDs, in lower case: `fefe71f4-3dd4-5908-ae64-935dd59610cc`.

#ifndef HOLDLINE_SERVER_BASE_UUID_H_
#define HOLDLINE_SERVER_BASE_UUID_H_

#include <string>

namespace holdline {

// Returns a new UUID of version 4. Asks the system for randomness only once a
// thread, so it is not for secrets. Thread-safe.
std::string RandomUuid();

// Returns the UUID of version 5 of `name` in `name_space`, which is a UUID: the
// same each time. Thread-safe.
std::string NamedUuid(const char* name_space, const std::string& name);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BASE_UUID_H_
