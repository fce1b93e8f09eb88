#include "server/gateway/answer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

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

HttpAnswer PlainAnswer(int http_status, const std::string& request_id) {
  HttpAnswer answer;
  answer.version(11);
  answer.result(static_cast<unsigned>(http_status));
  answer.set("x-amzn-RequestId", request_id);
  // SDKs whose clock is wrong correct it by this.
  answer.set(http::field::date, DateOf(absl::Now()));
  return answer;
}

HttpAnswer JsonAnswer(std::string body, const std::string& request_id) {
  HttpAnswer answer = PlainAnswer(200, request_id);
  answer.set(http::field::content_type, kAwsJson);
  answer.body() = std::move(body);
  return answer;
}

HttpAnswer ErrorAnswer(const WireError& error, const std::string& request_id) {
  HttpAnswer answer = PlainAnswer(error.http_status, request_id);
  answer.set(http::field::content_type, kAwsJson);
  answer.set("x-amzn-ErrorType", error.name);
  answer.body() = ToJson(error);
  return answer;
}

std::string ToBytes(const HttpAnswer& answer) {
  std::string bytes = absl::StrCat(
      "HTTP/1.1 ", answer.result_int(), " ",
      absl::string_view(answer.reason().data(), answer.reason().size()),
      "\r\n");
  for (const auto& field : answer) {
    absl::StrAppend(
        &bytes,
        absl::string_view(field.name_string().data(),
                          field.name_string().size()),
        ": ", absl::string_view(field.value().data(), field.value().size()),
        "\r\n");
  }
  absl::StrAppend(&bytes, "\r\n", answer.body());
  return bytes;
}

}  // namespace holdline
