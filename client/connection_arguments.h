// Command-line options for the server's address, TLS and credentials.

#ifndef HOLDLINE_CLIENT_CONNECTION_ARGUMENTS_H_
#define HOLDLINE_CLIENT_CONNECTION_ARGUMENTS_H_

#include <memory>
#include <string>

#include "CLI/App.hpp"
#include "absl/status/statusor.h"
#include "client/access_key.h"
#include "grpcpp/channel.h"

namespace holdline::client {

// The options as given. No option takes a secret: process arguments are visible
// to other users.
struct ConnectionArguments {
  std::string address = "127.0.0.1:7070";
  bool tls = false;

  // Paths; empty if they were not given.
  std::string tls_authorities;
  std::string tls_certificate;
  std::string tls_private_key;
  std::string access_key_file;
};

// Adds the options to a command line. `arguments` must outlive it.
void DefineConnection(CLI::App& app, ConnectionArguments& arguments);

struct Connection {
  std::shared_ptr<grpc::Channel> channel;
  AccessKey access_key;  // empty if none was given
};

// Reads the files and the environment that the arguments name, takes the access
// key out of the environment, and returns a channel that connects when it is
// first used and follows the files for TLS.
// INVALID_ARGUMENT, which says what to do: a file cannot be used, there is a
// certificate without its key, the key is another certificate's, or an access
// key would go unencrypted to another machine.
absl::StatusOr<Connection> Open(const ConnectionArguments& arguments);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_CONNECTION_ARGUMENTS_H_
