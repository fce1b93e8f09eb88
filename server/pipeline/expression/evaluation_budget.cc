#include "server/pipeline/expression/evaluation_budget.h"

#include "absl/strings/str_cat.h"

namespace holdline {

absl::Status EvaluationBudget::Spend(int64_t steps, size_t bytes) {
  steps_ += steps;
  bytes_ += static_cast<int64_t>(bytes);
  if (steps_ > limits_.steps_max) {
    return absl::InvalidArgumentError(absl::StrCat(
        "evaluation takes more than ", limits_.steps_max, " steps"));
  }
  if (bytes_ > limits_.bytes_max) {
    return absl::InvalidArgumentError(
        absl::StrCat("evaluation goes through more than ", limits_.bytes_max,
                     " bytes of text"));
  }
  return absl::OkStatus();
}

absl::Status EvaluationBudget::Evaluation::Check() const {
  if (budget_->depth_ <= budget_->limits_.depth_max) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("fields lead to each other more than ",
                   budget_->limits_.depth_max, " times, perhaps in a circle"));
}

}  // namespace holdline
