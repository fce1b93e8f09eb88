// The interfaces through which values of rows are bound and read, independent
// of the database.

#ifndef HOLDLINE_SERVER_STORE_SQL_VALUES_H_
#define HOLDLINE_SERVER_STORE_SQL_VALUES_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace holdline {

// The parameters of a statement, bound in order. `name` is that of the column,
// for implementations that check it against the statement.
class ValueWriter {
 public:
  virtual void Bind(const char* name, int64_t value) = 0;
  virtual void Bind(const char* name, double value) = 0;

  // The bytes must remain valid until the statement has run.
  virtual void BindText(const char* name, absl::string_view value) = 0;
  virtual void BindBlob(const char* name, absl::string_view value) = 0;

  // As BindBlob, but the writer owns the bytes until then.
  virtual void BindKept(const char* name, std::string value) = 0;

 protected:
  ~ValueWriter() = default;
};

// The columns of a row, read in order. A value that is NULL or of another type
// is rejected.
class ValueReader {
 public:
  virtual int64_t Integer(const char* name) = 0;
  virtual double Real(const char* name) = 0;

  // The bytes are valid until the next row.
  virtual absl::string_view Text(const char* name) = 0;
  virtual absl::string_view Blob(const char* name) = 0;

  // Reports that the value of a column is invalid: reading the row fails with
  // DATA_LOSS.
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
