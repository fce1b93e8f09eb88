// The version of Holdline.

#ifndef HOLDLINE_SERVER_BASE_VERSION_H_
#define HOLDLINE_SERVER_BASE_VERSION_H_

namespace holdline {

// As in CHANGELOG.md.
inline constexpr char kVersion[] = "0.1.0";

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BASE_VERSION_H_
