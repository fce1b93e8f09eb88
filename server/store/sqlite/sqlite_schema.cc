#include "server/store/sqlite/sqlite_schema.h"

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "server/store/sqlite/packed_functions.h"

namespace holdline {
namespace {

absl::StatusOr<int64_t> Version(SqliteConnection& connection) {
  return connection.Number("SELECT user_version AS n FROM pragma_user_version");
}

absl::StatusOr<bool> IsEmpty(SqliteConnection& connection) {
  auto objects = connection.Number("SELECT count(*) AS n FROM sqlite_schema");
  if (!objects.ok()) return objects.status();
  return *objects == 0;
}

// Runs one migration and says so in the database, all or nothing.
absl::Status Advance(SqliteConnection& connection, int64_t version,
                     absl::string_view migration) {
  return connection.Run(absl::StrCat("BEGIN IMMEDIATE;\n", migration,
                                     "\nPRAGMA user_version = ", version,
                                     ";\nCOMMIT;"));
}

}  // namespace

absl::Status CheckSchema(SqliteConnection& connection,
                         absl::Span<const absl::string_view> migrations) {
  auto application = connection.Number(
      "SELECT application_id AS n FROM pragma_application_id");
  if (!application.ok()) return application.status();
  auto version = Version(connection);
  if (!version.ok()) return version.status();
  auto empty = IsEmpty(connection);
  if (!empty.ok()) return empty.status();
  const bool created = *application == kApplicationId && *version >= 1;
  const bool blank = *application == 0 && *version == 0 && *empty;
  if (!created && !blank) {
    return absl::FailedPreconditionError(
        absl::StrCat("the database ", connection.path(),
                     " belongs to another program: choose another directory"));
  }
  if (*version > std::ssize(migrations)) {
    return absl::FailedPreconditionError(
        absl::StrCat("the database ", connection.path(),
                     " was made by a newer Holdline: its schema has version ",
                     *version, " and this program knows ", migrations.size(),
                     "; run the newer program"));
  }
  return absl::OkStatus();
}

absl::Status Migrate(SqliteConnection& connection,
                     absl::Span<const absl::string_view> migrations) {
  auto version = Version(connection);
  if (!version.ok()) return version.status();
  if (*version < std::ssize(migrations)) {
    absl::Status status = AddPackedFunctions(connection);
    if (!status.ok()) return status;
  }
  for (int64_t next = *version; next < std::ssize(migrations); ++next) {
    absl::Status status = Advance(connection, next + 1, migrations[next]);
    if (status.ok()) continue;
    connection.Run("ROLLBACK").IgnoreError();  // none may be open
    return status;
  }
  return absl::OkStatus();
}

}  // namespace holdline
