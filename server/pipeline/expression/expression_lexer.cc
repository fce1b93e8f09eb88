#include "server/pipeline/expression/expression_lexer.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/utf8.h"

namespace holdline {
namespace {

constexpr absl::string_view kSigns = "+-*/^.,()[]";

bool BeginsName(char letter) {
  return absl::ascii_isalpha(letter) || letter == '_';
}

// What is wrong is said in so many bytes at most. Names can be long.
constexpr size_t kMessageMax = 4000;

}  // namespace

absl::Status ExpressionError(absl::string_view text, size_t position,
                             absl::string_view what) {
  const size_t character = CountCharacters(text.substr(0, position)) + 1;
  return absl::InvalidArgumentError(
      absl::StrCat("expression at character ", character, ": ",
                   WholeCharacters(what, kMessageMax)));
}

absl::StatusOr<Token> ExpressionLexer::Next() {
  while (absl::ascii_isspace(At(position_))) ++position_;
  absl::StatusOr<Token> token = ReadToken();
  if (token.ok()) {
    after_operand_ = token->kind != TokenKind::kSign || token->text == ")" ||
                     token->text == "]";
  }
  return token;
}

absl::StatusOr<Token> ExpressionLexer::ReadToken() {
  if (position_ >= text_.size()) {
    return ExpressionError(text_, position_, "`}` is missing");
  }
  const char first = At(position_);
  if (first == '}') return Take(TokenKind::kClose, position_ + 1);
  if (first == '\'' || first == '"') return ReadQuoted();
  if (absl::ascii_isdigit(first) || (first == '.' && !after_operand_ &&
                                     absl::ascii_isdigit(At(position_ + 1)))) {
    return ReadNumber();
  }
  const bool begins_encrypted =
      first == '*' && !after_operand_ && BeginsName(At(position_ + 1));
  if (BeginsName(first) || first == '@' || begins_encrypted) return ReadName();
  if (absl::StrContains(kSigns, first)) {
    return Take(TokenKind::kSign, position_ + 1);
  }
  return ExpressionError(text_, position_,
                         "this character has no meaning here");
}

Token ExpressionLexer::Take(TokenKind kind, size_t end) {
  Token token{kind, position_, end,
              std::string(text_.substr(position_, end - position_))};
  position_ = end;
  return token;
}

absl::StatusOr<Token> ExpressionLexer::ReadName() {
  size_t end = position_;
  if (At(end) == '@') ++end;
  if (At(end) == '*') ++end;
  if (!BeginsName(At(end))) {
    return ExpressionError(text_, position_, "a name is missing after `@`");
  }
  while (BeginsName(At(end)) || absl::ascii_isdigit(At(end))) ++end;
  return Take(TokenKind::kName, end);
}

Token ExpressionLexer::ReadNumber() {
  size_t end = position_;
  while (absl::ascii_isdigit(At(end))) ++end;
  if (At(end) == '.' && absl::ascii_isdigit(At(end + 1))) {
    ++end;
    while (absl::ascii_isdigit(At(end))) ++end;
  }
  return Take(TokenKind::kNumber, end);
}

absl::StatusOr<Token> ExpressionLexer::ReadQuoted() {
  const char quote = At(position_);
  std::string content;
  for (size_t end = position_ + 1; end < text_.size(); ++end) {
    const char letter = At(end);
    const char next = At(end + 1);
    const bool escapes =
        letter == '\\' && (next == '\'' || next == '"' || next == '\\');
    const bool doubled = letter == '\'' && quote == '\'' && next == '\'';
    if (escapes || doubled) {
      content += next;
      ++end;
    } else if (letter == quote) {
      Token token = Take(TokenKind::kText, end + 1);
      token.text = std::move(content);
      return token;
    } else {
      content += letter;
    }
  }
  return ExpressionError(text_, position_, "this quote is not closed");
}

}  // namespace holdline
