#include "server/log/grpc_log.h"

#include <cstdio>
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "grpc/support/log.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(GrpcLogTest, MessagesAreLinesOfOurs) {
  gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);
  std::FILE* const stream = std::tmpfile();
  {
    Log log(LogOptions{}, stream);
    {
      const GrpcLog grpc_log(&log);
      gpr_log("server.cc", 7, GPR_LOG_SEVERITY_ERROR, "two\nlines");
    }
    gpr_log("server.cc", 8, GPR_LOG_SEVERITY_ERROR, "afterwards");
  }
  std::rewind(stream);
  std::string text;
  for (int c; (c = std::getc(stream)) != EOF;) text += static_cast<char>(c);
  std::fclose(stream);
  EXPECT_THAT(text, HasSubstr("warning grpc_message source=server.cc:7 "
                              "message=\"two\\nlines\"\n"));
  EXPECT_THAT(text, Not(HasSubstr("afterwards")));
}

}  // namespace
}  // namespace holdline
