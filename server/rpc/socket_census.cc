#include "server/rpc/socket_census.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "boost/json/parse.hpp"
#include "boost/json/value.hpp"
#include "grpc/grpc.h"
#include "grpc/support/alloc.h"

namespace holdline {
namespace {

using ::boost::json::object;
using ::boost::json::value;

// How many connections are asked for at once.
constexpr size_t kPage = 100;

// Before the name of each connection.
constexpr absl::string_view kTransport = "chttp2 ";

// What channelz answers: a message of channelz.proto in JSON, or null.
object Parse(char* text) {
  if (text == nullptr) return {};
  boost::json::error_code error;
  value parsed = boost::json::parse(text, error);
  gpr_free(text);
  return parsed.is_object() ? std::move(parsed.as_object()) : object();
}

// The member of this name, or null.
const value* At(const object& parent, absl::string_view name) {
  return parent.if_contains({name.data(), name.size()});
}

const object* ObjectAt(const object& parent, absl::string_view name) {
  const value* const member = At(parent, name);
  return member == nullptr ? nullptr : member->if_object();
}

absl::string_view TextAt(const object& parent, absl::string_view name) {
  const value* const member = At(parent, name);
  if (member == nullptr || !member->is_string()) return "";
  return {member->get_string().data(), member->get_string().size()};
}

// Numbers of 64 bits are texts; 0 is left out.
int64_t NumberAt(const object& parent, absl::string_view name) {
  int64_t number = 0;
  return absl::SimpleAtoi(TextAt(parent, name), &number) ? number : 0;
}

// Calls `visit` with each object of a list.
template <typename Visitor>
void ForEach(const object& parent, absl::string_view name, Visitor visit) {
  const value* const list = At(parent, name);
  if (list == nullptr || !list->is_array()) return;
  for (const value& each : list->get_array()) {
    if (each.is_object()) visit(each.get_object());
  }
}

class ChannelzCensus final : public SocketCensus {
 public:
  explicit ChannelzCensus(int64_t server) : server_(server) {}

  std::vector<Socket> From(int64_t id) override {
    std::vector<Socket> sockets;
    size_t before;
    do {
      before = sockets.size();
      ForEach(Parse(grpc_channelz_get_server_sockets(server_, id, kPage)),
              "socketRef", [&](const object& socket) {
                sockets.push_back({NumberAt(socket, "socketId"),
                                   std::string(absl::StripPrefix(
                                       TextAt(socket, "name"), kTransport))});
                id = sockets.back().id + 1;
              });
    } while (sockets.size() - before == kPage);
    return sockets;
  }

  int64_t CallsStarted(int64_t id) override {
    const object answer = Parse(grpc_channelz_get_socket(id));
    const object* const socket = ObjectAt(answer, "socket");
    const object* const data =
        socket == nullptr ? nullptr : ObjectAt(*socket, "data");
    return data == nullptr ? 0 : NumberAt(*data, "streamsStarted");
  }

 private:
  const int64_t server_;
};

}  // namespace

std::unique_ptr<SocketCensus> CensusOfLatestServer() {
  int64_t latest = 0;
  bool more = true;
  while (more) {
    more = false;
    ForEach(Parse(grpc_channelz_get_servers(latest + 1)), "server",
            [&](const object& server) {
              const object* const reference = ObjectAt(server, "ref");
              if (reference == nullptr) return;
              latest = NumberAt(*reference, "serverId");
              more = true;
            });
  }
  return std::make_unique<ChannelzCensus>(latest);
}

}  // namespace holdline
