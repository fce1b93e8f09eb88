#include "server/notify/webhook.h"

#include <openssl/pem.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/auth/credentials/key_file.h"
#include "server/auth/credentials/pem_file.h"
#include "server/notify/webhook_url.h"

namespace holdline {
namespace {

DeliveryResult Judge(const PostOutcome& answer) {
  constexpr int kRequestTimeout = 408;
  constexpr int kTooManyRequests = 429;
  if (answer.status == 0) {
    return {.outcome = DeliveryOutcome::kRetry, .reason = answer.error};
  }
  DeliveryResult result = {.outcome = DeliveryOutcome::kGiveUp,
                           .reason = absl::StrCat("answered ", answer.status)};
  if (answer.status / 100 == 2) {
    result.outcome = DeliveryOutcome::kDelivered;
  } else if (answer.status / 100 == 5 || answer.status == kRequestTimeout ||
             answer.status == kTooManyRequests) {
    result.outcome = DeliveryOutcome::kRetry;
  }
  return result;
}

absl::Status Refused(absl::string_view option, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(option, ": ", why));
}

bool HasCertificate(const std::string& pem) {
  const std::unique_ptr<BIO, int (*)(BIO*)> reading(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  const std::unique_ptr<X509, void (*)(X509*)> first(
      PEM_read_bio_X509(reading.get(), nullptr, nullptr, nullptr), X509_free);
  return first != nullptr;
}

// Returns the certificates in the file; none if there is no file.
absl::StatusOr<std::string> ReadAuthorities(const std::string& path) {
  if (path.empty()) return "";
  absl::StatusOr<std::string> pem = ReadPemFile(path);
  if (!pem.ok() || HasCertificate(*pem)) return pem;
  return PemFileError(path, "holds no certificate");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Webhook>> Webhook::Create(
    const NotifyOptions& options) {
  const absl::Status url = CheckWebhookUrl(options.url);
  if (!url.ok()) return Refused("alarm-webhook-url", url.message());
  absl::StatusOr<std::string> key = ReadKeyFile(options.key_file);
  if (!key.ok()) {
    return Refused("alarm-webhook-key-file", key.status().message());
  }
  absl::StatusOr<std::string> authorities = ReadAuthorities(options.ca_file);
  if (!authorities.ok()) {
    return Refused("alarm-webhook-ca-file", authorities.status().message());
  }
  return std::unique_ptr<Webhook>(new Webhook(
      options.url, *std::move(key), *std::move(authorities), options.timeout));
}

Webhook::Webhook(std::string url, std::string key, std::string authorities,
                 absl::Duration timeout)
    : url_(std::move(url)),
      key_(std::move(key)),
      authorities_(std::move(authorities)),
      timeout_(timeout) {}

void Webhook::Post(
    const SnsMessage& message, absl::Time now, HttpPosts* posts,
    std::function<void(const DeliveryResult& result)> ended) const {
  HttpPost post = {.url = url_,
                   .headers = message.headers,
                   .body = message.body,
                   .timeout = timeout_,
                   .authorities = authorities_};
  post.headers.emplace_back(kSignatureHeader,
                            SignatureOf(message.body, key_, now));
  posts->Begin(std::move(post),
               [ended = std::move(ended)](const PostOutcome& answer) {
                 ended(Judge(answer));
               });
}

}  // namespace holdline
