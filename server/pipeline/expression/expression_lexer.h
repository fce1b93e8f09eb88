// The lexer of expressions: cuts the inside of `#{...}` into tokens
// (DATAPIPELINE section 8.2).

#ifndef HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_LEXER_H_
#define HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_LEXER_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace holdline {

enum class TokenKind {
  kName,    // with its leading @ and *
  kNumber,  // digits, maybe with a point
  kText,    // what was in quotes
  kSign,    // one of + - * / ^ . , ( ) [ ]
  kClose,   // the } that ends the expression
};

struct Token {
  TokenKind kind = TokenKind::kClose;
  // The position in the whole text, in bytes from 0; `end` is excluded.
  size_t begin = 0;
  size_t end = 0;
  // For kText without quotes and escapes, otherwise as written.
  std::string text;
};

// Returns INVALID_ARGUMENT: "expression at character N: what". N counts
// characters, not bytes, from 1, to the byte `position` of `text`.
absl::Status ExpressionError(absl::string_view text, size_t position,
                             absl::string_view what);

// Reads tokens one after another. Keeps a view of the text.
class ExpressionLexer {
 public:
  // `position` is the byte after the `#{`.
  ExpressionLexer(absl::string_view text, size_t position)
      : text_(text), position_(position) {}

  // Returns the next token, or ExpressionError(): an unknown character, a quote
  // that is not closed, or the end of the text.
  absl::StatusOr<Token> Next();

 private:
  absl::StatusOr<Token> ReadToken();
  absl::StatusOr<Token> ReadName();
  absl::StatusOr<Token> ReadQuoted();
  Token ReadNumber();
  Token Take(TokenKind kind, size_t end);

  char At(size_t position) const {
    return position < text_.size() ? text_[position] : '\0';
  }

  absl::string_view text_;
  size_t position_;
  // Whether a `*` at this position multiplies; otherwise it begins the name of
  // an encrypted field.
  bool after_operand_ = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_LEXER_H_
