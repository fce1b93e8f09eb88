#include "server/pipeline/expression/expression_syntax.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/pipeline/expression/expression_lexer.h"

namespace holdline {
namespace {

constexpr absl::string_view kOpen = "#{";

using Kind = Operation::Kind;

// Recursive descent. Each method appends the operations of what it reads, and
// leaves in `token_` what comes after it.
class Parser {
 public:
  // `position` is that of the `#{`.
  Parser(absl::string_view text, size_t position)
      : text_(text), begin_(position), lexer_(text, position + kOpen.size()) {}

  // Reads the expression with its `}`.
  absl::Status Parse();

  size_t End() const { return token_.end; }
  ExpressionProgram TakeProgram() { return std::move(program_); }

 private:
  absl::Status Sum();
  absl::Status Product();
  absl::Status Power();
  absl::Status Unary();
  absl::Status Postfix();
  absl::Status Primary();
  absl::Status NameOrCall();
  absl::Status Member();
  absl::Status Field(const Token& name);
  absl::Status Number();
  absl::Status List();
  // A chain of operators out of `signs` that group from the left.
  absl::Status Chain(absl::string_view signs,
                     absl::Status (Parser::*operand)());
  // Adds to `count` those up to `closing`, which it reads too. `token_` is
  // behind the opening one.
  absl::Status Values(char closing, size_t* count);
  // The call of `name` with `count` arguments before those in the parentheses.
  absl::Status Call(const Token& name, size_t count);

  absl::Status Advance();
  // What `inner` reads is nested one deeper.
  absl::Status Nested(absl::Status (Parser::*inner)());
  bool AtSign(char sign) const {
    return token_.kind == TokenKind::kSign && token_.text[0] == sign;
  }
  absl::Status Error(const Token& at, absl::string_view what) const {
    return ExpressionError(text_, at.begin, what);
  }
  Operation& Append(Kind kind, const Token& at) {
    program_.push_back({kind, at.begin, at.end, "", {}, nullptr, 0});
    return program_.back();
  }

  absl::string_view text_;
  size_t begin_;
  ExpressionLexer lexer_;
  Token token_;
  int nesting_ = 0;
  ExpressionProgram program_;
};

absl::Status Parser::Advance() {
  absl::StatusOr<Token> next = lexer_.Next();
  if (!next.ok()) return next.status();
  token_ = *std::move(next);
  if (token_.end - begin_ > kExpressionLengthMax) {
    return ExpressionError(
        text_, begin_,
        absl::StrCat("this is longer than ", kExpressionLengthMax, " bytes"));
  }
  return absl::OkStatus();
}

absl::Status Parser::Nested(absl::Status (Parser::*inner)()) {
  if (nesting_ == kExpressionNestingMax) {
    return Error(token_, absl::StrCat("this is nested deeper than ",
                                      kExpressionNestingMax, " times"));
  }
  ++nesting_;
  const absl::Status status = (this->*inner)();
  --nesting_;
  return status;
}

absl::Status Parser::Parse() {
  absl::Status status = Advance();
  if (status.ok()) status = Sum();
  if (!status.ok()) return status;
  if (token_.kind != TokenKind::kClose) {
    return Error(token_, "an operator or `}` is missing before this");
  }
  return absl::OkStatus();
}

absl::Status Parser::Chain(absl::string_view signs,
                           absl::Status (Parser::*operand)()) {
  absl::Status status = (this->*operand)();
  while (status.ok() && token_.kind == TokenKind::kSign &&
         absl::StrContains(signs, token_.text)) {
    const Token sign = token_;
    status = Advance();
    if (status.ok()) status = (this->*operand)();
    if (!status.ok()) break;
    Operation& call = Append(Kind::kCall, sign);
    call.function = BinaryOperator(sign.text[0]);
    call.count = 2;
  }
  return status;
}

absl::Status Parser::Sum() { return Chain("+-", &Parser::Product); }

absl::Status Parser::Product() { return Chain("*/", &Parser::Power); }

absl::Status Parser::Power() {
  absl::Status status = Unary();
  if (!status.ok() || !AtSign('^')) return status;
  const Token sign = token_;
  status = Advance();
  if (status.ok()) status = Nested(&Parser::Power);
  if (!status.ok()) return status;
  Operation& call = Append(Kind::kCall, sign);
  call.function = BinaryOperator('^');
  call.count = 2;
  return absl::OkStatus();
}

absl::Status Parser::Unary() {
  if (!AtSign('-')) return Postfix();
  const Token sign = token_;
  absl::Status status = Advance();
  if (status.ok()) status = Nested(&Parser::Unary);
  if (!status.ok()) return status;
  Operation& call = Append(Kind::kCall, sign);
  call.function = Negation();
  call.count = 1;
  return absl::OkStatus();
}

absl::Status Parser::Postfix() {
  absl::Status status = Primary();
  while (status.ok() && AtSign('.')) status = Member();
  return status;
}

absl::Status Parser::Primary() {
  if (token_.kind == TokenKind::kName) return NameOrCall();
  if (token_.kind == TokenKind::kNumber) return Number();
  if (token_.kind == TokenKind::kText) {
    Append(Kind::kLiteral, token_).literal = {std::move(token_.text)};
    return Advance();
  }
  if (AtSign('[')) return List();
  if (!AtSign('(')) return Error(token_, "a value is missing before this");
  absl::Status status = Advance();
  if (status.ok()) status = Nested(&Parser::Sum);
  if (!status.ok()) return status;
  if (!AtSign(')')) return Error(token_, "`)` is missing before this");
  return Advance();
}

absl::Status Parser::Number() {
  Operation& number = Append(Kind::kLiteral, token_);
  if (absl::StrContains(token_.text, '.')) {
    double real = 0;
    // Digits and a point are always a double, though maybe an infinite one.
    if (!absl::SimpleAtod(token_.text, &real) ||
        real > std::numeric_limits<double>::max()) {
      return Error(token_, "this number does not fit into 64 bits");
    }
    number.literal = {real};
  } else {
    int64_t whole = 0;
    if (!absl::SimpleAtoi(token_.text, &whole)) {
      return Error(token_, "this number does not fit into 64 bits");
    }
    number.literal = {whole};
  }
  return Advance();
}

absl::Status Parser::List() {
  const Token opening = token_;
  absl::Status status = Advance();
  size_t count = 0;
  if (status.ok()) status = Values(']', &count);
  if (!status.ok()) return status;
  Append(Kind::kList, opening).count = count;
  return absl::OkStatus();
}

absl::Status Parser::Values(char closing, size_t* count) {
  if (AtSign(closing)) return Advance();
  while (true) {
    absl::Status status = Nested(&Parser::Sum);
    if (!status.ok()) return status;
    ++*count;
    const bool more = AtSign(',');
    if (!more && !AtSign(closing)) {
      return Error(token_,
                   absl::StrCat("`,` or `", absl::string_view(&closing, 1),
                                "` is missing before this"));
    }
    status = Advance();
    if (!status.ok() || !more) return status;
  }
}

absl::Status Parser::NameOrCall() {
  const Token name = token_;
  const absl::Status status = Advance();
  if (!status.ok()) return status;
  if (AtSign('(')) return Call(name, 0);
  Append(Kind::kName, name).name = name.text;
  return absl::OkStatus();
}

absl::Status Parser::Call(const Token& name, size_t count) {
  const ExpressionFunction* function = FindFunction(name.text);
  if (function == nullptr) {
    return Error(name, absl::StrCat("unknown function `", name.text, "`"));
  }
  absl::Status status = Advance();
  if (status.ok()) status = Values(')', &count);
  if (!status.ok()) return status;
  if (count != function->arity) {
    return Error(name, absl::StrCat("`", name.text, "` takes ", function->arity,
                                    " arguments, not ", count));
  }
  Operation& call = Append(Kind::kCall, name);
  call.function = function;
  call.count = count;
  return absl::OkStatus();
}

absl::Status Parser::Member() {
  absl::Status status = Advance();
  if (!status.ok()) return status;
  if (token_.kind != TokenKind::kName) {
    return Error(token_, "a name is missing after `.`");
  }
  const Token name = token_;
  status = Advance();
  if (!status.ok()) return status;
  return AtSign('(') ? Call(name, 1) : Field(name);
}

absl::Status Parser::Field(const Token& name) {
  const Kind before = program_.back().kind;
  if (before != Kind::kName && before != Kind::kField) {
    return Error(name, absl::StrCat("only a reference has a field `", name.text,
                                    "`, and this is none"));
  }
  if (before == Kind::kField && name.text[0] == '@') {
    return Error(name, absl::StrCat("the runtime field `", name.text,
                                    "` is more than one reference away"));
  }
  Append(Kind::kField, name).name = name.text;
  return absl::OkStatus();
}

}  // namespace

bool HasExpression(absl::string_view text) {
  return absl::StrContains(text, kOpen);
}

absl::StatusOr<TemplatePart> TemplateReader::Next() {
  TemplatePart part;
  part.begin = position_;
  const size_t open = std::min(text_.find(kOpen, position_), text_.size());
  if (open > position_) {
    part.end = open;
  } else {
    Parser parser(text_, position_);
    const absl::Status status = parser.Parse();
    if (!status.ok()) return status;
    part.is_expression = true;
    part.end = parser.End();
    part.program = parser.TakeProgram();
  }
  position_ = part.end;
  return part;
}

}  // namespace holdline
