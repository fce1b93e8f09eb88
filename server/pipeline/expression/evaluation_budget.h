// The budget of evaluating expressions: bounds of depth, steps and bytes, so
// that no expression stalls its caller.

#ifndef HOLDLINE_SERVER_PIPELINE_EXPRESSION_EVALUATION_BUDGET_H_
#define HOLDLINE_SERVER_PIPELINE_EXPRESSION_EVALUATION_BUDGET_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"

namespace holdline {

struct EvaluationLimits {
  // The most nested evaluations: a field whose value names a field whose value
  // is an expression, and so on.
  int depth_max = 20;

  // The most steps: names looked up, functions and operators applied, elements
  // of lists made.
  int64_t steps_max = 20 * 1000;

  // The most bytes of evaluated texts, of results and intermediate values, in
  // total.
  int64_t bytes_max = 4 * 1024 * 1024;
};

// What remains of the limits. One budget is shared by an evaluation and its
// nested ones, or by several evaluations that are bounded together. Not
// thread-safe.
class EvaluationBudget {
 public:
  explicit EvaluationBudget(const EvaluationLimits& limits = {})
      : limits_(limits) {}

  EvaluationBudget(const EvaluationBudget&) = delete;
  EvaluationBudget& operator=(const EvaluationBudget&) = delete;

  // Takes steps and bytes from the budget. INVALID_ARGUMENT: more than is left;
  // all later calls fail, too.
  absl::Status Spend(int64_t steps, size_t bytes);

  // One nested evaluation, for as long as the object exists.
  class Evaluation {
   public:
    explicit Evaluation(EvaluationBudget* budget) : budget_(budget) {
      ++budget_->depth_;
    }
    ~Evaluation() { --budget_->depth_; }

    Evaluation(const Evaluation&) = delete;
    Evaluation& operator=(const Evaluation&) = delete;

    // INVALID_ARGUMENT: the nesting is deeper than `depth_max`.
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
