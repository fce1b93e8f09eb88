// The columns of a row type: one list for making statements, binding rows and
// reading rows.
//
//   constexpr std::array kColumns = {
//       Member<&Runner::key, &RunnerKey::account>("account"),
//       Member<&Runner::hostname>("hostname"),
//   };

#ifndef HOLDLINE_SERVER_STORE_SQL_COLUMN_H_
#define HOLDLINE_SERVER_STORE_SQL_COLUMN_H_

#include <array>
#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/types/span.h"
#include "server/store/sql/stored_value.h"
#include "server/store/sql/values.h"

namespace holdline {

template <typename Row>
struct Column {
  const char* name;
  ValueType type;
  void (*write)(const char* name, const Row& row, ValueWriter& writer);

  // Columns before this one in the list have been read into `row`.
  void (*read)(const char* name, ValueReader& reader, Row& row);
};

// The class that a path of member pointers starts from (RowOf), and the member
// at its end (MemberOf).
template <typename Pointer>
struct MemberPointer;
template <typename Value, typename Class>
struct MemberPointer<Value Class::*> {
  using Of = Class;
};
template <auto kFirst>
using RowOf = typename MemberPointer<decltype(kFirst)>::Of;

template <auto kFirst, auto... kRest, typename Row>
constexpr auto& MemberOf(Row& row) {
  if constexpr (sizeof...(kRest) == 0) {
    return row.*kFirst;
  } else {
    return MemberOf<kRest...>(row.*kFirst);
  }
}

// A column for a member, or a member of a member, of any type that `Stored`
// knows.
template <auto kFirst, auto... kRest>
constexpr Column<RowOf<kFirst>> Member(const char* name) {
  using Row = RowOf<kFirst>;
  using Value = std::remove_cvref_t<decltype(MemberOf<kFirst, kRest...>(
      std::declval<Row&>()))>;
  return {name, Stored<Value>::kType,
          [](const char* name, const Row& row, ValueWriter& writer) {
            Stored<Value>::Write(name, MemberOf<kFirst, kRest...>(row), writer);
          },
          [](const char* name, ValueReader& reader, Row& row) {
            MemberOf<kFirst, kRest...>(row) = Stored<Value>::Read(name, reader);
          }};
}

// A column for a string that is stored as a blob: it need not be UTF-8.
template <auto kFirst, auto... kRest>
constexpr Column<RowOf<kFirst>> Bytes(const char* name) {
  using Row = RowOf<kFirst>;
  return {name, ValueType::kBlob,
          [](const char* name, const Row& row, ValueWriter& writer) {
            writer.BindBlob(name, MemberOf<kFirst, kRest...>(row));
          },
          [](const char* name, ValueReader& reader, Row& row) {
            MemberOf<kFirst, kRest...>(row) = std::string(reader.Blob(name));
          }};
}

// A column for a protobuf message. `encode` returns its bytes for a row;
// `decode` parses them into the row and returns whether they are valid.
template <typename Row>
using Encode = std::string (*)(const Row& row);
template <typename Row>
using Decode = bool (*)(absl::string_view bytes, Row& row);

template <typename Row, Encode<Row> encode, Decode<Row> decode>
constexpr Column<Row> Message(const char* name) {
  return {name, ValueType::kBlob,
          [](const char* name, const Row& row, ValueWriter& writer) {
            writer.BindKept(name, encode(row));
          },
          [](const char* name, ValueReader& reader, Row& row) {
            if (!decode(reader.Blob(name), row)) reader.Reject(name);
          }};
}

// Joins lists of columns of one row type.
template <typename Row, size_t... kSizes>
constexpr std::array<Column<Row>, (kSizes + ...)> Join(
    const std::array<Column<Row>, kSizes>&... parts) {
  std::array<Column<Row>, (kSizes + ...)> joined{};
  size_t next = 0;
  const auto append = [&](const auto& part) {
    for (const Column<Row>& column : part) joined[next++] = column;
  };
  (append(parts), ...);
  return joined;
}

template <typename Row>
using Columns = absl::Span<const Column<Row>>;

// Binds a row to the parameters of a statement.
template <typename Row>
void Write(const Row& row, Columns<Row> columns, ValueWriter& writer) {
  for (const Column<Row>& column : columns) {
    column.write(column.name, row, writer);
  }
}

// Reads a row.
template <typename Row>
Row Read(Columns<Row> columns, ValueReader& reader) {
  Row row{};
  for (const Column<Row>& column : columns) {
    column.read(column.name, reader, row);
  }
  return row;
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQL_COLUMN_H_
