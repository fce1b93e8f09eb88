#include "server/store/sqlite/packed_functions.h"

#include <sqlite3.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/store/sql/stored_messages.h"
#include "server/store/sql/stored_time.h"
#include "server/store/sqlite/packed_form.h"

namespace holdline {
namespace {

absl::string_view BlobOf(sqlite3_value* value) {
  const void* bytes = sqlite3_value_blob(value);
  return {static_cast<const char*>(bytes),
          static_cast<size_t>(sqlite3_value_bytes(value))};
}

void Return(sqlite3_context* context, const std::string& message) {
  sqlite3_result_blob64(context, message.data(), message.size(),
                        SQLITE_TRANSIENT);
}

void Fail(sqlite3_context* context) {
  sqlite3_result_error_code(context, SQLITE_CORRUPT);
}

void TagsOfPacked(sqlite3_context* context, int, sqlite3_value** values) {
  const auto tags = UnpackTags(BlobOf(values[0]));
  tags.has_value() ? Return(context, EncodeTags(*tags)) : Fail(context);
}

void DefinitionOfPacked(sqlite3_context* context, int, sqlite3_value** values) {
  const auto definition = UnpackDefinition(BlobOf(values[0]));
  definition.has_value() ? Return(context, EncodeDefinition(*definition))
                         : Fail(context);
}

// The instance that a value of a row was packed by.
InstanceKey Near(int64_t pipeline, absl::Time start) {
  return {.pipeline = PipelineNumber{static_cast<uint64_t>(pipeline)},
          .start = start};
}

// A component has no interval: the default stood for one.
void InstanceOfPacked(sqlite3_context* context, int, sqlite3_value** values) {
  const InstanceKey near =
      Near(sqlite3_value_int64(values[1]), InstanceKey().start);
  const auto instances = UnpackInstances(BlobOf(values[0]), near);
  if (!instances.has_value() || instances->size() != 1) return Fail(context);
  Return(context, EncodeInstance(instances->front(), near));
}

void InstancesOfPacked(sqlite3_context* context, int, sqlite3_value** values) {
  const InstanceKey near = Near(sqlite3_value_int64(values[1]),
                                TimeOf(sqlite3_value_int64(values[2])));
  const auto instances = UnpackInstances(BlobOf(values[0]), near);
  instances.has_value() ? Return(context, EncodeInstances(*instances, near))
                        : Fail(context);
}

struct Function {
  const char* name;
  int arguments;
  void (*call)(sqlite3_context*, int, sqlite3_value**);
};

constexpr Function kFunctions[] = {
    {"tags_of_packed", 1, TagsOfPacked},
    {"definition_of_packed", 1, DefinitionOfPacked},
    {"instance_of_packed", 2, InstanceOfPacked},
    {"instances_of_packed", 3, InstancesOfPacked},
};

}  // namespace

absl::Status AddPackedFunctions(SqliteConnection& connection) {
  for (const Function& function : kFunctions) {
    const int code = sqlite3_create_function_v2(
        connection.database(), function.name, function.arguments,
        SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, nullptr,
        function.call, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return connection.Error(code);
  }
  return absl::OkStatus();
}

}  // namespace holdline
