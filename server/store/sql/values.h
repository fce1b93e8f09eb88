// The values of a row on their way to a database and back, whichever database
// it is.

#ifndef HOLDLINE_SERVER_STORE_SQL_VALUES_H_
#define HOLDLINE_SERVER_STORE_SQL_VALUES_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace holdline {

// The parameters of a statement, bound in their order. The names are those of
// the columns, for who wants to hold them against the statement.
class ValueWriter {
 public:
  virtual void Bind(const char* name, int64_t value) = 0;
  virtual void Bind(const char* name, double value) = 0;

  // The bytes must stay until the statement has run.
  virtual void BindText(const char* name, absl::string_view value) = 0;
  virtual void BindBlob(const char* name, absl::string_view value) = 0;

  // As BindBlob, of bytes that the writer keeps until then.
  virtual void BindKept(const char* name, std::string value) = 0;

 protected:
  ~ValueWriter() = default;
};

// The columns of a row, read in their order. A value that is missing or of
// another type than asked for is rejected.
class ValueReader {
 public:
  virtual int64_t Integer(const char* name) = 0;
  virtual double Real(const char* name) = 0;

  // The bytes stay until the next row.
  virtual absl::string_view Text(const char* name) = 0;
  virtual absl::string_view Blob(const char* name) = 0;

  // Says that the value of a column is impossible: the row is DATA_LOSS.
  virtual void Reject(const char* name) = 0;

  // As Integer; rejects a value outside of [low, high], and returns `low`.
  int64_t Within(const char* name, int64_t low, int64_t high) {
    const int64_t value = Integer(name);
    if (value >= low && value <= high) return value;
    Reject(name);
    return low;
  }

 protected:
  ~ValueReader() = default;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQL_VALUES_H_
