// Any text as a task id: only the one that was issued is believed.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "server/rpc/services/task_token.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto* const tokens = new holdline::TaskTokens("a secret of 16+");
  const holdline::AccountId account{"000000000000"};
  const holdline::LeaseName lease{holdline::TaskId{7}, holdline::LeaseId{9}};
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto read = tokens->Read(account, text);
  if (!read.ok()) return 0;
  // Whoever finds a text that is believed must have been told it.
  if (!(*read == lease)) std::abort();
  return 0;
}
