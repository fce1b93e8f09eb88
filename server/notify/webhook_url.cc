#include "server/notify/webhook_url.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace holdline {
namespace {

absl::Status Refused(absl::string_view why) {
  return absl::InvalidArgumentError(why);
}

bool IsPrintable(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isgraph(c); });
}

absl::Status Refused(CURLUcode code) {
  switch (code) {
    case CURLUE_BAD_PORT_NUMBER:
      return Refused("the port must be from 1 to 65535");
    case CURLUE_USER_NOT_ALLOWED:
      return Refused("it must name no user and no password");
    case CURLUE_NO_HOST:
      return Refused("the host is missing");
    default:
      return Refused(absl::StrCat("it is no URL: ", curl_url_strerror(code)));
  }
}

bool HasPortZero(CURLU* url) {
  char* port = nullptr;
  if (curl_url_get(url, CURLUPART_PORT, &port, 0) != CURLUE_OK) return false;
  const bool zero = absl::string_view(port) == "0";
  curl_free(port);
  return zero;
}

}  // namespace

absl::Status CheckWebhookUrl(const std::string& text) {
  absl::string_view rest = text;
  if (!absl::ConsumePrefix(&rest, "https://") &&
      !absl::ConsumePrefix(&rest, "http://")) {
    return Refused("it must begin with https:// or http://");
  }
  if (!IsPrintable(rest)) return Refused("it must be printable ASCII");
  if (absl::StrContains(rest, "#")) return Refused("it must have no fragment");
  // libcurl would take a third slash for a slip.
  if (absl::StartsWith(rest, "/")) return Refused("the host is missing");
  const std::unique_ptr<CURLU, void (*)(CURLU*)> url(curl_url(),
                                                     curl_url_cleanup);
  const CURLUcode code =
      curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER);
  if (code != CURLUE_OK) return Refused(code);
  return HasPortZero(url.get()) ? Refused(CURLUE_BAD_PORT_NUMBER)
                                : absl::OkStatus();
}

}  // namespace holdline
