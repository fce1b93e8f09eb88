#include "server/rpc/connections/channelz_stats.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "boost/json/array.hpp"
#include "boost/json/parse.hpp"
#include "boost/json/value.hpp"
#include "grpc/grpc.h"
#include "grpc/support/alloc.h"

namespace holdline {
namespace {

using ::boost::json::value;

// The most connections in one response.
constexpr size_t kPage = 100;

// The prefix of each connection's name.
constexpr absl::string_view kTransport = "chttp2 ";

// Parses a response of channelz: a message of channelz.proto in JSON, or null.
value Parse(char* text) {
  if (text == nullptr) return {};
  boost::json::error_code error;
  value response = boost::json::parse(text, error);
  gpr_free(text);
  return response;
}

// The text at a path such as `/socket/ref/name`; empty if there is none.
absl::string_view TextAt(const value& message, const char* path) {
  boost::json::error_code error;
  const value* const found = message.find_pointer(path, error);
  if (found == nullptr || !found->is_string()) return "";
  return {found->get_string().data(), found->get_string().size()};
}

// The same of a number: those of 64 bits are texts, and 0 is left out.
int64_t NumberAt(const value& message, const char* path) {
  int64_t number = 0;
  return absl::SimpleAtoi(TextAt(message, path), &number) ? number : 0;
}

// The list of this name; empty if there is none.
boost::json::array ListAt(value message, const char* name) {
  boost::json::error_code error;
  value* const found = message.find_pointer(name, error);
  if (found == nullptr || !found->is_array()) return {};
  return std::move(found->get_array());
}

class ServerChannelzStats final : public ChannelzStats {
 public:
  explicit ServerChannelzStats(int64_t server) : server_(server) {}

  std::vector<Socket> SocketsFrom(int64_t id) override {
    std::vector<Socket> sockets;
    boost::json::array page;
    do {
      page = ListAt(Parse(grpc_channelz_get_server_sockets(server_, id, kPage)),
                    "/socketRef");
      for (const value& socket : page) {
        sockets.push_back({NumberAt(socket, "/socketId"),
                           std::string(absl::StripPrefix(
                               TextAt(socket, "/name"), kTransport))});
        id = sockets.back().id + 1;
      }
    } while (page.size() == kPage);
    return sockets;
  }

  int64_t StreamsStarted(int64_t id) override {
    return NumberAt(Parse(grpc_channelz_get_socket(id)),
                    "/socket/data/streamsStarted");
  }

 private:
  const int64_t server_;
};

}  // namespace

std::unique_ptr<ChannelzStats> ChannelzStatsOfLatestServer() {
  int64_t latest = 0;
  boost::json::array page;
  do {
    page = ListAt(Parse(grpc_channelz_get_servers(latest + 1)), "/server");
    if (!page.empty()) latest = NumberAt(page.back(), "/ref/serverId");
  } while (!page.empty());
  return std::make_unique<ServerChannelzStats>(latest);
}

}  // namespace holdline
