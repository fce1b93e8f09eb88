#include "client/command_line/verb/verb.h"

#include "CLI/Option.hpp"
#include "google/protobuf/util/json_util.h"

namespace holdline::client {

CLI::Option* AddRepeated(CLI::App& verb, const std::string& name,
                         std::vector<std::string>& values,
                         const std::string& description) {
  return verb.add_option(name, values, description)->allow_extra_args(false);
}

void WriteJson(const google::protobuf::Message& message, std::ostream& out) {
  std::string text;
  (void)google::protobuf::util::MessageToJsonString(message, &text);
  out << text << "\n";
}

}  // namespace holdline::client
