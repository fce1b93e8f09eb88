// The syntax of texts with expressions, parsed (DATAPIPELINE section 8.2).
//
// An expression becomes a program for a stack machine: operations in the order
// of execution, so that running it needs no recursion.

#ifndef HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_SYNTAX_H_
#define HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_SYNTAX_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/pipeline/expression/expression_functions.h"
#include "server/pipeline/expression/expression_value.h"

namespace holdline {

struct Operation {
  enum class Kind {
    kLiteral,  // pushes `literal`
    kName,     // pushes what `name` is on the current object
    kField,    // replaces a reference by the field `name` of its object
    kCall,     // replaces the `function`'s arguments by its result
    kList,     // replaces `count` values by a list of them
  };

  Kind kind = Kind::kLiteral;
  // The position in the whole text, in bytes; `end` is excluded.
  size_t begin = 0;
  size_t end = 0;
  std::string name;
  ExpressionValue literal;
  const ExpressionFunction* function = nullptr;
  size_t count = 0;
};

using ExpressionProgram = std::vector<Operation>;

// A part of a text: an expression with its `#{` and `}`, or the text between
// two expressions.
struct TemplatePart {
  bool is_expression = false;
  size_t begin = 0;
  size_t end = 0;
  ExpressionProgram program;
};

// The deepest nesting of parentheses, arguments, and right-associative
// operators.
inline constexpr int kExpressionNestingMax = 60;

// The longest expression, in bytes, with its `#{` and `}`.
inline constexpr size_t kExpressionLengthMax = 64 * 1024;

// Whether the text has an expression, or the beginning of one.
bool HasExpression(absl::string_view text);

// Reads the parts of a text one after another, so that a long text is not
// parsed as a whole. Keeps a view of it.
class TemplateReader {
 public:
  explicit TemplateReader(absl::string_view text) : text_(text) {}

  bool AtEnd() const { return position_ >= text_.size(); }

  // Returns the next part, or ExpressionError(): wrong syntax, nesting beyond
  // kExpressionNestingMax, length beyond kExpressionLengthMax, an unknown
  // function or a wrong number of arguments, a number out of range, a field of
  // something other than a name, or a runtime field more than one reference
  // away. REQUIRES: !AtEnd(), and no error before.
  absl::StatusOr<TemplatePart> Next();

 private:
  absl::string_view text_;
  size_t position_ = 0;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_SYNTAX_H_
