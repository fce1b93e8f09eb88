// Bounds the work of evaluating expressions, so that none can stall its caller.

#ifndef HOLDLINE_SERVER_PIPELINE_EXPRESSION_EVALUATION_BUDGET_H_
#define HOLDLINE_SERVER_PIPELINE_EXPRESSION_EVALUATION_BUDGET_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"

namespace holdline {

struct EvaluationLimits {
  // How many evaluations may be under way within each other: a field whose
  // value names a field whose value is an expression, and so on.
  int depth_max = 20;

  // Names looked up, functions and operators applied, elements of lists made.
  int64_t steps_max = 20 * 1000;

  // Bytes of text that is evaluated, of results, and of what led to them, all
  // together.
  int64_t bytes_max = 4 * 1024 * 1024;
};

// The remaining limits. One budget is shared by an evaluation and all that it
// leads to, or by several that are to be bounded together.
class EvaluationBudget {
 public:
  explicit EvaluationBudget(const EvaluationLimits& limits = {})
      : limits_(limits) {}

  EvaluationBudget(const EvaluationBudget&) = delete;
  EvaluationBudget& operator=(const EvaluationBudget&) = delete;

  // INVALID_ARGUMENT: that is more than is left. Once it was, it stays so.
  absl::Status Spend(int64_t steps, size_t bytes);

  // Begins an evaluation within those under way, for as long as it exists.
  class Evaluation {
   public:
    explicit Evaluation(EvaluationBudget* budget) : budget_(budget) {
      ++budget_->depth_;
    }
    ~Evaluation() { --budget_->depth_; }

    Evaluation(const Evaluation&) = delete;
    Evaluation& operator=(const Evaluation&) = delete;

    // INVALID_ARGUMENT: it is too deep.
    absl::Status Check() const;

   private:
    EvaluationBudget* budget_;
  };

 private:
  EvaluationLimits limits_;
  int depth_ = 0;
  int64_t steps_ = 0;
  int64_t bytes_ = 0;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_EXPRESSION_EVALUATION_BUDGET_H_
