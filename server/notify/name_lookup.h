// Finds the addresses of a host.

#ifndef HOLDLINE_SERVER_NOTIFY_NAME_LOOKUP_H_
#define HOLDLINE_SERVER_NOTIFY_NAME_LOOKUP_H_

#include <chrono>
#include <string>
#include <vector>

#include "boost/asio/awaitable.hpp"
#include "boost/asio/ip/tcp.hpp"
#include "boost/system/error_code.hpp"

namespace holdline {

struct FoundHost {
  // Set if nothing was found, or not in time: `timed_out`.
  boost::system::error_code error;
  std::vector<boost::asio::ip::tcp::endpoint> endpoints;
};

// Finds `host`, a name or an address, until `deadline`.
//
// The system's resolver cannot be stopped and may take half a minute, for which
// Asio's own would keep its context from ending. So a thread is left to itself
// with it, which whoever has ceased to wait hears no more of.
boost::asio::awaitable<FoundHost> FindHost(
    std::string host, std::string port,
    std::chrono::steady_clock::time_point deadline);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_NOTIFY_NAME_LOOKUP_H_
