// Cuts the inside of `#{...}` into tokens (DATAPIPELINE section 8.2).

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
  // Where it is in the whole text, in bytes from 0; `end` is behind it.
  size_t begin = 0;
  size_t end = 0;
  // A text without its quotes and escapes, otherwise as it is written.
  std::string text;
};

// INVALID_ARGUMENT: "expression at character N: what is wrong". N is the number
// of the character, not the byte, at `position` of `text`, the first being 1.
absl::Status ExpressionError(absl::string_view text, size_t position,
                             absl::string_view what);

// Reads tokens one after another. Keeps views of the text.
class ExpressionLexer {
 public:
  // `position` is behind the `#{`.
  ExpressionLexer(absl::string_view text, size_t position)
      : text_(text), position_(position) {}

  // Returns the next token, or ExpressionError(): a character that begins no
  // token, a quote that is not closed, or the end of the text.
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
  // Whether a `*` here multiplies what stands before it, rather than begin the
  // name of an encrypted field.
  bool after_operand_ = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_LEXER_H_
