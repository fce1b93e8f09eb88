// One event as one line of text or JSON.

#ifndef HOLDLINE_SERVER_LOG_LINE_H_
#define HOLDLINE_SERVER_LOG_LINE_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace holdline {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

enum class LogFormat { kText, kJson };

// A field of an event. The name is a literal: letters and underscores.
struct LogField {
  const char* name;
  std::variant<bool, int64_t, double, std::string> value;
};

struct LogEvent {
  LogLevel level = LogLevel::kInfo;

  // The event's name, a literal: letters and underscores.
  const char* name = "";

  std::vector<LogField> fields;
};

// The most bytes of a value that are written; the rest is cut off.
inline constexpr size_t kLogValueBytesMax = 2048;

// Returns the line, without its end. Whatever the values hold, it has no
// control character and is valid UTF-8, so a value cannot pass for a line.
//
// Text: `2026-11-24T03:30:00.123Z info  ready grpc=127.0.0.1:7070`. A value
// that is not plain stands in quotes and is escaped as in JSON.
// JSON: `{"time":"2026-11-24T03:30:00.123Z","level":"info","event":"ready",
// "grpc":"127.0.0.1:7070"}`.
std::string RenderLine(LogFormat format, absl::Time time,
                       const LogEvent& event);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_LOG_LINE_H_
