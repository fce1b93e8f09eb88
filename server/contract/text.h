// Validation of text as the contract demands: characters counted, not bytes,
// and few control characters (DATAPIPELINE section 3, shared shapes).

#ifndef HOLDLINE_SERVER_CONTRACT_TEXT_H_
#define HOLDLINE_SERVER_CONTRACT_TEXT_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace holdline {

struct TextFacts {
  // Whether it is UTF-8. The other members mean nothing if it is not.
  bool valid = true;

  // Whether it has no control character but tab, line feed and carriage return,
  // and neither U+FFFE nor U+FFFF.
  bool printable = true;

  // How many Unicode characters it has.
  int64_t characters = 0;
};

TextFacts ExamineText(absl::string_view text);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_CONTRACT_TEXT_H_
