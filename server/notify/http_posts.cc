#include "server/notify/http_posts.h"

#include <curl/curl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/base/version.h"

namespace holdline {
namespace {

constexpr absl::Duration kWaitMax = absl::Hours(24);

// libcurl only fails here if memory has run out, or if it was built without
// what is asked for: there is nothing that a caller could do.
void Check(bool ok) {
  if (ok) return;
  std::fputs("libcurl cannot be used\n", stderr);
  std::abort();
}

// Rounded up, so that what is waited for is there.
long Milliseconds(absl::Duration duration) {
  return absl::ToInt64Milliseconds(
      absl::Ceil(std::clamp(duration, absl::ZeroDuration(), kWaitMax),
                 absl::Milliseconds(1)));
}

template <typename Value>
void Set(CURL* handle, CURLoption option, Value value) {
  Check(curl_easy_setopt(handle, option, value) == CURLE_OK);
}

template <typename Value>
Value Get(CURL* handle, CURLINFO info) {
  Value value = 0;
  curl_easy_getinfo(handle, info, &value);
  return value;
}

// How far a transfer came that has failed: the times of what it has not reached
// are zero.
absl::string_view Failing(CURL* handle, CURLcode code) {
  const auto has_passed = [handle](CURLINFO time) {
    return Get<curl_off_t>(handle, time) != 0;
  };
  if (!has_passed(CURLINFO_NAMELOOKUP_TIME_T)) return "cannot find the host";
  if (has_passed(CURLINFO_PRETRANSFER_TIME_T)) return "no answer";
  return code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT
             ? "cannot connect"
             : "cannot encrypt";
}

// Not what libcurl puts into its error buffer, which shows of the URL.
std::string Why(CURL* handle, CURLcode code) {
  if (code == CURLE_OK) return "it was cut off";
  if (code == CURLE_PEER_FAILED_VERIFICATION) {
    // It is about the chain; of the name libcurl tells nothing.
    const long result = Get<long>(handle, CURLINFO_SSL_VERIFYRESULT);
    const bool trusted =
        result == X509_V_OK || result == X509_V_ERR_UNSPECIFIED;
    return absl::StrCat("certificate verify failed: ",
                        X509_verify_cert_error_string(
                            trusted ? X509_V_ERR_HOSTNAME_MISMATCH : result));
  }
  const long error = Get<long>(handle, CURLINFO_OS_ERRNO);
  if (error != 0 && code == CURLE_COULDNT_CONNECT) {
    return std::generic_category().message(static_cast<int>(error));
  }
  return curl_easy_strerror(code);
}

}  // namespace

// One post, as libcurl sees it.
class HttpPosts::Transfer {
 public:
  Transfer(HttpPost post, Ended ended)
      : post_(std::move(post)),
        ended_(std::move(ended)),
        handle_(curl_easy_init()) {
    Check(handle_ != nullptr);
    SetMessage();
    SetTransport();
    SetEncryption();
  }

  ~Transfer() {
    curl_easy_cleanup(handle_);
    curl_slist_free_all(headers_);
  }

  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* handle() const { return handle_; }

  void End(CURLcode code) const {
    PostOutcome answer = {.status = status_, .error = ""};
    if (status_ == 0) {
      answer.error =
          absl::StrCat(Failing(handle_, code), ": ", Why(handle_, code));
    }
    ended_(answer);
  }

 private:
  void AddHeader(const std::string& line) {
    curl_slist* const longer = curl_slist_append(headers_, line.c_str());
    Check(longer != nullptr);
    headers_ = longer;
  }

  void SetMessage() {
    for (const auto& [name, value] : post_.headers) {
      AddHeader(absl::StrCat(name, ": ", value));
    }
    AddHeader("Connection: close");
    // Two that libcurl would add.
    AddHeader("Accept:");
    AddHeader("Expect:");
    Set(handle_, CURLOPT_HTTPHEADER, headers_);
    Set(handle_, CURLOPT_USERAGENT,
        absl::StrCat("holdline/", kVersion).c_str());
    Set(handle_, CURLOPT_URL, post_.url.c_str());
    Set(handle_, CURLOPT_PATH_AS_IS, 1L);
    Set(handle_, CURLOPT_POST, 1L);
    Set(handle_, CURLOPT_POSTFIELDS, post_.body.data());
    Set(handle_, CURLOPT_POSTFIELDSIZE_LARGE,
        static_cast<curl_off_t>(post_.body.size()));
    Set(handle_, CURLOPT_HEADERFUNCTION, &Transfer::TakeHeader);
    Set(handle_, CURLOPT_HEADERDATA, this);
  }

  void SetTransport() {
    Set(handle_, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
    Set(handle_, CURLOPT_PROTOCOLS_STR, "http,https");
    Set(handle_, CURLOPT_PROXY, "");
    Set(handle_, CURLOPT_NOSIGNAL, 1L);
    Set(handle_, CURLOPT_FRESH_CONNECT, 1L);
    Set(handle_, CURLOPT_FORBID_REUSE, 1L);
    Set(handle_, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
    // Otherwise whoever gives a look-up up waits for its thread.
    Set(handle_, CURLOPT_QUICK_EXIT, 1L);
    // Zero would be for ever.
    const long timeout = std::max(1L, Milliseconds(post_.timeout));
    Set(handle_, CURLOPT_TIMEOUT_MS, timeout);
    Set(handle_, CURLOPT_CONNECTTIMEOUT_MS, timeout);
  }

  void SetEncryption() {
    Set(handle_, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
    Set(handle_, CURLOPT_SSL_VERIFYPEER, 1L);
    Set(handle_, CURLOPT_SSL_VERIFYHOST, 2L);
    if (post_.authorities.empty()) return;
    curl_blob authorities = {.data = post_.authorities.data(),
                             .len = post_.authorities.size(),
                             .flags = CURL_BLOB_NOCOPY};
    Set(handle_, CURLOPT_CAINFO_BLOB, &authorities);
    Set(handle_, CURLOPT_CAPATH, static_cast<char*>(nullptr));
  }

  // Is called by libcurl with each line of the headers, the empty one at their
  // end among them. Ends the transfer if it takes less than the line.
  static size_t TakeHeader(char* line, size_t, size_t size, void* transfer) {
    constexpr size_t kEnough = 0;
    auto* const self = static_cast<Transfer*>(transfer);
    self->header_bytes_ += size;
    if (self->header_bytes_ > kAnswerBytesMax) return kEnough;
    const absl::string_view text(line, size);
    if (text != "\r\n" && text != "\n") return size;
    const long status = Get<long>(self->handle_, CURLINFO_RESPONSE_CODE);
    // What is 1xx only announces the answer.
    if (status / 100 == 1) return size;
    self->status_ = static_cast<int>(status);
    return kEnough;
  }

  HttpPost post_;
  const Ended ended_;
  CURL* const handle_;
  curl_slist* headers_ = nullptr;
  size_t header_bytes_ = 0;
  int status_ = 0;
};

void HttpPosts::CloseMulti::operator()(void* multi) const {
  curl_multi_cleanup(multi);
}

HttpPosts::HttpPosts()
    : multi_([] {
        static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
        return ready == CURLE_OK ? curl_multi_init() : nullptr;
      }()) {
  Check(multi_ != nullptr);
}

HttpPosts::~HttpPosts() {
  for (const auto& [handle, transfer] : underway_) {
    curl_multi_remove_handle(multi_.get(), handle);
  }
}

void HttpPosts::Begin(HttpPost post, Ended ended) {
  auto transfer = std::make_unique<Transfer>(std::move(post), std::move(ended));
  CURL* const handle = transfer->handle();
  underway_.emplace(handle, std::move(transfer));
  Check(curl_multi_add_handle(multi_.get(), handle) == CURLM_OK);
}

void HttpPosts::Run(absl::Duration wait) {
  Check(curl_multi_poll(multi_.get(), nullptr, 0,
                        static_cast<int>(Milliseconds(wait)),
                        nullptr) == CURLM_OK);
  int running = 0;
  Check(curl_multi_perform(multi_.get(), &running) == CURLM_OK);
  TellOfEnds();
}

void HttpPosts::TellOfEnds() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    // Removing the handle makes the message invalid.
    auto ended = underway_.extract(message->easy_handle);
    curl_multi_remove_handle(multi_.get(), ended.key());
    ended.mapped()->End(code);
  }
}

void HttpPosts::Wake() { curl_multi_wakeup(multi_.get()); }

}  // namespace holdline
