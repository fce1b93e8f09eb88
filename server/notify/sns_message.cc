#include "server/notify/sns_message.h"

#include <openssl/evp.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "boost/json/object.hpp"
#include "boost/json/serialize.hpp"
#include "server/auth/sigv4/sha256.h"

namespace holdline {
namespace {

// The name space of MessageIds, a UUID that was chosen once.
constexpr unsigned char kNameSpace[] = {0x50, 0x77, 0x1c, 0x16, 0xbe, 0x5f,
                                        0x5c, 0x38, 0x8f, 0xcc, 0xef, 0x03,
                                        0x7b, 0x6a, 0x65, 0x53};

constexpr size_t kUuidBytes = 16;

// OpenSSL only fails here if memory has run out or its installation is broken:
// there is nothing that a caller could do.
void CheckCrypto(bool ok) {
  if (ok) return;
  std::fputs("OpenSSL cannot compute SHA-1\n", stderr);
  std::abort();
}

std::string Sha1(absl::string_view text) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  size_t size = 0;
  CheckCrypto(EVP_Q_digest(nullptr, "SHA1", nullptr, text.data(), text.size(),
                           reinterpret_cast<unsigned char*>(digest.data()),
                           &size) == 1);
  digest.resize(size);
  return digest;
}

// A line break would end the header, and what follows would be another one.
std::string ForHeader(const std::string& text) {
  std::string value = text;
  for (char& c : value) {
    if (!absl::ascii_isgraph(static_cast<unsigned char>(c))) c = '?';
  }
  return value;
}

std::string Body(const Notification& notification) {
  boost::json::object body;
  body["Type"] = "Notification";
  body["MessageId"] = MessageIdOf(notification);
  body["TopicArn"] = notification.topic;
  if (!notification.subject.empty()) body["Subject"] = notification.subject;
  body["Message"] = notification.message;
  body["Timestamp"] = absl::FormatTime(
      "%Y-%m-%dT%H:%M:%E3SZ", notification.created_at, absl::UTCTimeZone());
  return boost::json::serialize(body);
}

}  // namespace

SnsMessage MakeSnsMessage(const Notification& notification) {
  return {.body = Body(notification),
          .headers = {
              // What SNS says, although the body is JSON.
              {"Content-Type", "text/plain; charset=UTF-8"},
              {"x-amz-sns-message-type", "Notification"},
              {"x-amz-sns-message-id", MessageIdOf(notification)},
              {"x-amz-sns-topic-arn", ForHeader(notification.topic)},
          }};
}

std::string MessageIdOf(const Notification& notification) {
  std::string name(reinterpret_cast<const char*>(kNameSpace),
                   sizeof(kNameSpace));
  absl::StrAppend(&name, notification.pipeline_id, "/",
                  static_cast<uint64_t>(notification.number));
  std::string uuid = Sha1(name).substr(0, kUuidBytes);
  // The version and the variant, as RFC 9562 places them.
  uuid[6] = static_cast<char>((uuid[6] & 0x0f) | 0x50);
  uuid[8] = static_cast<char>((uuid[8] & 0x3f) | 0x80);
  const std::string hex = absl::BytesToHexString(uuid);
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-",
                      hex.substr(12, 4), "-", hex.substr(16, 4), "-",
                      hex.substr(20));
}

std::string SignatureOf(absl::string_view body, absl::string_view key,
                        absl::Time now) {
  const std::string seconds = absl::StrCat(absl::ToUnixSeconds(now));
  return absl::StrCat("t=", seconds, ",v1=",
                      ToHex(HmacSha256(key, absl::StrCat(seconds, ".", body))));
}

}  // namespace holdline
