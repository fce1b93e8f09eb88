#include "server/pipeline/expression/expression_operators.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "absl/status/status.h"

namespace holdline {
namespace {

using Result = absl::StatusOr<ExpressionValue>;
using Operands = absl::Span<ExpressionValue>;

Result Finite(double result) {
  if (!std::isfinite(result)) {
    return absl::InvalidArgumentError("the result is no number");
  }
  return ExpressionValue{result};
}

// `failed` is what the compiler's checked arithmetic returned.
Result Fitting(bool failed, int64_t result) {
  if (failed) {
    return absl::InvalidArgumentError("the result does not fit into 64 bits");
  }
  return ExpressionValue{result};
}

Result DividesByZero() {
  return absl::InvalidArgumentError("division by zero");
}

double AsDouble(const ExpressionValue& number) {
  if (const auto* whole = std::get_if<int64_t>(&number.content)) {
    return static_cast<double>(*whole);
  }
  return std::get<double>(number.content);
}

// `of_integers` for two integers, `of_doubles` for other numbers.
template <typename OfIntegers, typename OfDoubles>
Result Calculate(Operands operands, OfIntegers of_integers,
                 OfDoubles of_doubles) {
  const Result left = ToNumber(operands[0]);
  if (!left.ok()) return left;
  const Result right = ToNumber(operands[1]);
  if (!right.ok()) return right;
  const auto* left_whole = std::get_if<int64_t>(&left->content);
  const auto* right_whole = std::get_if<int64_t>(&right->content);
  if (left_whole != nullptr && right_whole != nullptr) {
    return of_integers(*left_whole, *right_whole);
  }
  return of_doubles(AsDouble(*left), AsDouble(*right));
}

bool JoinsAsText(const ExpressionValue& value) {
  return std::holds_alternative<std::string>(value.content) ||
         std::holds_alternative<ObjectReference>(value.content);
}

}  // namespace

Result Add(Operands operands) {
  if (JoinsAsText(operands[0]) || JoinsAsText(operands[1])) {
    auto* text = std::get_if<std::string>(&operands[0].content);
    std::string joined =
        text != nullptr ? std::move(*text) : ToText(operands[0]);
    joined += ToText(operands[1]);
    return ExpressionValue{std::move(joined)};
  }
  return Calculate(
      operands,
      [](int64_t left, int64_t right) {
        int64_t sum = 0;
        const bool failed = __builtin_add_overflow(left, right, &sum);
        return Fitting(failed, sum);
      },
      [](double left, double right) { return Finite(left + right); });
}

Result Subtract(Operands operands) {
  return Calculate(
      operands,
      [](int64_t left, int64_t right) {
        int64_t difference = 0;
        const bool failed = __builtin_sub_overflow(left, right, &difference);
        return Fitting(failed, difference);
      },
      [](double left, double right) { return Finite(left - right); });
}

Result Multiply(Operands operands) {
  return Calculate(
      operands,
      [](int64_t left, int64_t right) {
        int64_t product = 0;
        const bool failed = __builtin_mul_overflow(left, right, &product);
        return Fitting(failed, product);
      },
      [](double left, double right) { return Finite(left * right); });
}

Result Divide(Operands operands) {
  return Calculate(
      operands,
      [](int64_t left, int64_t right) {
        if (right == 0) return DividesByZero();
        // The one quotient that is too large.
        if (right == -1 && left == std::numeric_limits<int64_t>::min()) {
          return Fitting(true, 0);
        }
        return Fitting(false, left / right);
      },
      [](double left, double right) {
        return right == 0 ? DividesByZero() : Finite(left / right);
      });
}

Result Raise(Operands operands) {
  return Calculate(
      operands,
      [](int64_t left, int64_t right) {
        return Finite(
            std::pow(static_cast<double>(left), static_cast<double>(right)));
      },
      [](double left, double right) { return Finite(std::pow(left, right)); });
}

Result Negate(Operands operand) {
  ExpressionValue operands[] = {ExpressionValue{int64_t{0}},
                                std::move(operand[0])};
  return Subtract(absl::MakeSpan(operands));
}

}  // namespace holdline
