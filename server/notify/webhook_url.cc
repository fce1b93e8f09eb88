#include "server/notify/webhook_url.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace holdline {
namespace {

constexpr int kPortMax = 65535;

absl::Status Refused(absl::string_view why) {
  return absl::InvalidArgumentError(why);
}

bool IsPrintable(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isgraph(c); });
}

// Splits `HOST`, `HOST:PORT`, `[V6]` or `[V6]:PORT`; the port may be absent.
absl::Status SplitAuthority(absl::string_view authority, WebhookUrl* url) {
  absl::string_view host = authority;
  absl::string_view rest;
  if (absl::StartsWith(authority, "[")) {
    const size_t end = authority.find(']');
    if (end == absl::string_view::npos) return Refused("a bracket is missing");
    host = authority.substr(1, end - 1);
    rest = authority.substr(end + 1);
  } else if (const size_t colon = authority.find(':');
             colon != absl::string_view::npos) {
    host = authority.substr(0, colon);
    rest = authority.substr(colon);
  }
  if (host.empty()) return Refused("the host is missing");
  url->host = std::string(host);
  url->port = url->encrypted ? "443" : "80";
  if (rest.empty()) return absl::OkStatus();
  int port = 0;
  if (!absl::ConsumePrefix(&rest, ":") || !absl::SimpleAtoi(rest, &port) ||
      port < 1 || port > kPortMax) {
    return Refused("the port must be from 1 to 65535");
  }
  url->port = std::to_string(port);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<WebhookUrl> ReadWebhookUrl(const std::string& text) {
  WebhookUrl url;
  absl::string_view rest = text;
  url.encrypted = absl::ConsumePrefix(&rest, "https://");
  if (!url.encrypted && !absl::ConsumePrefix(&rest, "http://")) {
    return Refused("it must begin with https:// or http://");
  }
  if (!IsPrintable(rest)) return Refused("it must be printable ASCII");
  if (absl::StrContains(rest, "#")) return Refused("it must have no fragment");
  const size_t end = std::min(rest.find_first_of("/?"), rest.size());
  const absl::string_view authority = rest.substr(0, end);
  if (absl::StrContains(authority, "@")) {
    return Refused("it must name no user and no password");
  }
  if (absl::Status status = SplitAuthority(authority, &url); !status.ok()) {
    return status;
  }
  url.authority = std::string(authority);
  url.target = std::string(rest.substr(end));
  if (!absl::StartsWith(url.target, "/")) url.target.insert(0, "/");
  return url;
}

}  // namespace holdline
