// The stored form of a value of each C++ type.
//
// Identifiers and enumerations are integers, times and durations microseconds
// (stored_time.h), booleans 0 or 1. A value read that is outside the type's
// range is rejected.

#ifndef HOLDLINE_SERVER_STORE_SQL_STORED_VALUE_H_
#define HOLDLINE_SERVER_STORE_SQL_STORED_VALUE_H_

#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/store/sql/stored_time.h"
#include "server/store/sql/values.h"

namespace holdline {

enum class ValueType { kInteger, kReal, kText, kBlob };

// The greatest value of an enumeration, whose least value is 0. Each stored one
// has a specialization beside its table.
template <typename Enum>
struct LastOf;

// Specialized below for each type that a column can have.
template <typename Value>
struct Stored;

template <std::integral Value>
struct Stored<Value> {
  static constexpr ValueType kType = ValueType::kInteger;
  static void Write(const char* name, Value value, ValueWriter& writer) {
    writer.Bind(name, static_cast<int64_t>(value));
  }
  static Value Read(const char* name, ValueReader& reader) {
    // 64 bits are stored as they are, whatever their sign.
    if constexpr (sizeof(Value) == sizeof(int64_t)) {
      return static_cast<Value>(reader.Integer(name));
    } else {
      return static_cast<Value>(
          reader.Within(name, std::numeric_limits<Value>::min(),
                        std::numeric_limits<Value>::max()));
    }
  }
};

template <typename Value>
requires std::is_enum_v<Value>
struct Stored<Value> {
  using Number = std::underlying_type_t<Value>;
  static constexpr ValueType kType = ValueType::kInteger;
  static void Write(const char* name, Value value, ValueWriter& writer) {
    Stored<Number>::Write(name, static_cast<Number>(value), writer);
  }
  static Value Read(const char* name, ValueReader& reader) {
    // An identifier may be any number; all others have a last value.
    if constexpr (std::is_unsigned_v<Number>) {
      return Value{Stored<Number>::Read(name, reader)};
    } else {
      return static_cast<Value>(
          reader.Within(name, 0, static_cast<int64_t>(LastOf<Value>::kValue)));
    }
  }
};

template <>
struct Stored<double> {
  static constexpr ValueType kType = ValueType::kReal;
  static void Write(const char* name, double value, ValueWriter& writer) {
    writer.Bind(name, value);
  }
  static double Read(const char* name, ValueReader& reader) {
    return reader.Real(name);
  }
};

template <>
struct Stored<absl::Time> {
  static constexpr ValueType kType = ValueType::kInteger;
  static void Write(const char* name, absl::Time value, ValueWriter& writer) {
    writer.Bind(name, Microseconds(value));
  }
  static absl::Time Read(const char* name, ValueReader& reader) {
    return TimeOf(reader.Integer(name));
  }
};

template <>
struct Stored<absl::Duration> {
  static constexpr ValueType kType = ValueType::kInteger;
  static void Write(const char* name, absl::Duration value,
                    ValueWriter& writer) {
    writer.Bind(name, Microseconds(value));
  }
  static absl::Duration Read(const char* name, ValueReader& reader) {
    return DurationOf(reader.Integer(name));
  }
};

template <>
struct Stored<std::string> {
  static constexpr ValueType kType = ValueType::kText;
  static void Write(const char* name, const std::string& value,
                    ValueWriter& writer) {
    writer.BindText(name, value);
  }
  static std::string Read(const char* name, ValueReader& reader) {
    return std::string(reader.Text(name));
  }
};

template <>
struct Stored<AccountId> {
  static constexpr ValueType kType = ValueType::kText;
  static void Write(const char* name, const AccountId& value,
                    ValueWriter& writer) {
    writer.BindText(name, value.value);
  }
  static AccountId Read(const char* name, ValueReader& reader) {
    return {std::string(reader.Text(name))};
  }
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQL_STORED_VALUE_H_
