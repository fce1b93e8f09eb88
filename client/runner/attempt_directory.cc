#include "client/runner/attempt_directory.h"

#include <cstdint>
#include <filesystem>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/runner/shell_command.h"

namespace holdline::client {
namespace {

constexpr size_t kNameBytesMax = 200;

// FNV-1a: the same on every machine and in every release.
uint64_t Hash(const std::string& text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const unsigned char byte : text) {
    hash = (hash ^ byte) * 0x100000001b3;
  }
  return hash;
}

std::string SafeName(const std::string& name) {
  std::string safe;
  for (const unsigned char byte : name) {
    const bool plain =
        absl::ascii_isalnum(byte) || absl::StrContains("@_-=:+,.", byte);
    // A leading dot would hide the directory, or leave it.
    if (plain && !(byte == '.' && safe.empty())) {
      safe += static_cast<char>(byte);
    } else {
      absl::StrAppendFormat(&safe, "%%%02X", byte);
    }
  }
  if (safe.empty()) return "%";
  if (safe.size() <= kNameBytesMax) return safe;
  const std::string ending = absl::StrFormat("%%~%016x", Hash(name));
  return safe.substr(0, kNameBytesMax - ending.size()) + ending;
}

}  // namespace

std::string AttemptDirectory(const std::string& log_directory,
                             const v1::TaskObject& task) {
  return absl::StrCat(log_directory, "/", SafeName(task.pipeline_id()), "/",
                      SafeName(FieldValue(task, "@componentParent")), "/",
                      SafeName(FieldValue(task, "@instanceParent")), "/",
                      SafeName(task.attempt_id()));
}

absl::StatusOr<std::string> OutputPath(const std::string& directory,
                                       const std::string& field,
                                       const std::string& path,
                                       const std::string& otherwise) {
  if (path.empty()) return absl::StrCat(directory, "/", otherwise);
  const std::filesystem::path given(path);
  if (given.is_absolute()) return path;
  for (const std::filesystem::path& part : given) {
    if (part == "..") {
      return absl::InvalidArgumentError(
          absl::StrCat("`", field, "` is ", path,
                       ": a relative path lies within the attempt's log "
                       "directory and must not contain `..`."));
    }
  }
  return absl::StrCat(directory, "/", path);
}

}  // namespace holdline::client
