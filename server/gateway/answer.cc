#include "server/gateway/answer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "boost/beast/http/status.hpp"

namespace holdline {
namespace {

namespace http = boost::beast::http;

constexpr char kAwsJson[] = "application/x-amz-json-1.1";

// The time as HTTP tells it, to the second, and written once for each.
const std::string& DateOf(absl::Time now) {
  thread_local absl::Time second = absl::InfinitePast();
  thread_local std::string date;
  if (now < second || now >= second + absl::Seconds(1)) {
    second = absl::FromUnixSeconds(absl::ToUnixSeconds(now));
    date = absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", second,
                            absl::UTCTimeZone());
  }
  return date;
}

}  // namespace

void HttpAnswer::AddHeader(absl::string_view name, absl::string_view value) {
  absl::StrAppend(&head, name, ": ", value, "\r\n");
}

HttpAnswer PlainAnswer(int http_status, const std::string& request_id) {
  const auto reason = http::obsolete_reason(
      http::int_to_status(static_cast<unsigned>(http_status)));
  HttpAnswer answer;
  // SDKs whose clock is wrong correct it by the date.
  answer.head = absl::StrCat("HTTP/1.1 ", http_status, " ",
                             absl::string_view(reason.data(), reason.size()),
                             "\r\n", "x-amzn-RequestId: ", request_id,
                             "\r\nDate: ", DateOf(absl::Now()), "\r\n");
  return answer;
}

HttpAnswer JsonAnswer(std::string body, const std::string& request_id) {
  HttpAnswer answer = PlainAnswer(200, request_id);
  answer.AddHeader("Content-Type", kAwsJson);
  answer.body = std::move(body);
  return answer;
}

HttpAnswer ErrorAnswer(const WireError& error, const std::string& request_id) {
  HttpAnswer answer = PlainAnswer(error.http_status, request_id);
  answer.AddHeader("Content-Type", kAwsJson);
  answer.AddHeader("x-amzn-ErrorType", error.name);
  answer.body = ToJson(error);
  return answer;
}

std::string HeadOf(const HttpAnswer& answer, bool kept) {
  return absl::StrCat(answer.head, kept ? "" : "Connection: close\r\n",
                      "Content-Length: ", answer.body.size(), "\r\n\r\n");
}

}  // namespace holdline
