// holdline: the command line.

#include <unistd.h>

#include <iostream>
#include <string>
#include <vector>

#include "client/command_line/command_line.h"
#include "server/process/open_standard_streams.h"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return static_cast<int>(holdline::client::RunCommandLine(
      arguments, std::cout, std::cerr, isatty(STDERR_FILENO) != 0));
}
