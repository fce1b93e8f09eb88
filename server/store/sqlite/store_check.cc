#include "server/store/sqlite/store_check.h"

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/store/sqlite/wal_check.h"

namespace holdline {
namespace {

struct Look {
  int64_t size = 0;
  absl::Time changed;
};

std::optional<Look> LookAt(const std::string& path) {
  struct stat found;
  if (stat(path.c_str(), &found) != 0) return std::nullopt;
  return Look{found.st_size, absl::FromTimeT(found.st_mtime)};
}

std::string Instant(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

std::string MissingOrEmpty(const std::optional<Look>& file) {
  return file.has_value() ? " is empty" : " is missing";
}

// There is no database: was there one?
StoreFindings WithoutDatabase(const std::string& path,
                              const std::optional<Look>& database,
                              const std::optional<Look>& log,
                              StoreState state) {
  const bool has_log = log.has_value() && log->size > 0;
  if (!has_log && state == StoreState::kUnknown) return {};
  StoreFindings findings;
  findings.log_is_useless = true;
  findings.loss = absl::StrCat("the database ", path, MissingOrEmpty(database),
                               ", but a store was kept there");
  if (has_log) {
    absl::StrAppend(&findings.loss, ": its log, last written at ",
                    Instant(log->changed), ", is still beside it");
  }
  return findings;
}

StoreFindings WithoutLog(const std::string& path, const Look& database,
                         const std::optional<Look>& log,
                         const WalFindings& found, StoreState state) {
  const bool must_be_there = state == StoreState::kOpen && !log.has_value();
  if (!must_be_there && (!found.damaged || found.spent)) return {};
  StoreFindings findings;
  findings.log_is_useless = true;
  findings.loss =
      absl::StrCat("the log ", path, "-wal", MissingOrEmpty(log),
                   ", although the server did not end in order: what was "
                   "committed after ",
                   Instant(database.changed), " is gone");
  if (found.lost_frames > 0) {
    absl::StrAppend(&findings.loss, " (", found.lost_frames, " frames)");
  } else if (!log.has_value()) {
    absl::StrAppend(&findings.loss,
                    ", unless another program, such as sqlite3, has opened the "
                    "database since: that moves the log into it");
  }
  return findings;
}

StoreFindings WithDamage(const std::string& path, const Look& log,
                         const WalFindings& found) {
  StoreFindings findings;
  findings.log_is_useless =
      found.spent || found.in_database >= found.readable_frames;
  if (found.spent) {
    findings.notice = absl::StrCat(
        "the log ", path,
        "-wal is damaged, but the database has everything that was in it");
    return findings;
  }
  findings.loss = absl::StrCat(
      "the log ", path, "-wal is damaged: at least ", found.lost_commits,
      " commits (", found.lost_frames, " frames) cannot be read behind ",
      found.readable_commits, " that can (", found.readable_frames,
      " frames); it was last written at ", Instant(log.changed));
  return findings;
}

}  // namespace

StoreFindings CheckStore(const std::string& path, StoreState state) {
  const std::string log_path = absl::StrCat(path, "-wal");
  const std::optional<Look> database = LookAt(path);
  const std::optional<Look> log = LookAt(log_path);
  if (!database.has_value() || database->size == 0) {
    return WithoutDatabase(path, database, log, state);
  }
  const WalFindings found = CheckWal(log_path, absl::StrCat(path, "-shm"));
  if (!log.has_value() || log->size == 0) {
    return WithoutLog(path, *database, log, found, state);
  }
  if (found.damaged) return WithDamage(path, *log, found);
  StoreFindings findings;
  if (found.torn_frames > 0) {
    findings.notice =
        absl::StrCat("the log ", path, "-wal ends in ", found.torn_frames,
                     " frames of a transaction that was never committed and so "
                     "not acknowledged: they are dropped");
  }
  return findings;
}

absl::Status SetLogAside(const std::string& database, bool is_useless) {
  const std::string log = absl::StrCat(database, "-wal");
  const std::string lost = absl::StrCat(log, ".lost");
  std::error_code error;
  if (std::filesystem::exists(log, error)) {
    if (is_useless) {
      std::filesystem::rename(log, lost, error);
    } else {
      std::filesystem::copy_file(
          log, lost, std::filesystem::copy_options::overwrite_existing, error);
    }
  }
  if (!error && is_useless) {
    std::filesystem::remove(absl::StrCat(database, "-shm"), error);
  }
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(
      "the log ", log, " cannot be set aside (", error.message(), ")"));
}

}  // namespace holdline
