// A harness that runs `holdline pipelines` in tests, against a server with
// scripted answers.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_TEST_COMMAND_LINE_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_TEST_COMMAND_LINE_H_

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/command_line/command_line.h"
#include "client/command_line/pipelines/test_pipeline_service.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace holdline::client {

// Returns the message that `text` stands for.
template <class Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message))
      << text;
  return message;
}

class PipelinesTest : public testing::Test {
 protected:
  ExitCode Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {"--address", service_.address(), "pipelines"});
    std::ostringstream out, err;
    const ExitCode code = RunCommandLine(arguments, out, err, false);
    out_ = out.str();
    err_ = err.str();
    return code;
  }

  // The path of a file that holds `text`.
  std::string File(const std::string& name, const std::string& text) {
    const std::string path = absl::StrCat(testing::TempDir(), "/", name);
    std::ofstream(path) << text;
    return path;
  }

  TestPipelineService service_;

  // What the last command has printed.
  std::string out_;
  std::string err_;
};

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_TEST_COMMAND_LINE_H_
