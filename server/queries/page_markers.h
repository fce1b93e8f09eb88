// Page markers as callers see them: encrypted, and valid for the account and
// the query that they were made for.

#ifndef HOLDLINE_SERVER_QUERIES_PAGE_MARKERS_H_
#define HOLDLINE_SERVER_QUERIES_PAGE_MARKERS_H_

#include <optional>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "server/broker/ids.h"
#include "server/queries/seal.h"

namespace holdline {

// Returns the bytes of a message with the entries of maps in the order of their
// keys: the same for equal messages.
std::string OrderedBytes(const google::protobuf::Message& message);

// The parts of a request that must be the same for each page: all but its
// marker and its limit.
template <typename Request>
std::string QuestionOf(Request request) {
  if constexpr (requires { request.clear_page_token(); }) {
    request.clear_page_token();
    request.clear_page_size();
  } else {
    request.clear_marker();
    if constexpr (requires { request.clear_limit(); }) request.clear_limit();
  }
  return absl::StrCat(request.GetDescriptor()->name(), " ",
                      OrderedBytes(request));
}

// Immutable, so thread-safe.
class PageMarkers {
 public:
  // `secret` is the store's.
  explicit PageMarkers(absl::string_view secret)
      : seal_(secret, "holdline page marker") {}

  // Returns a marker that encodes `place`, where the next page begins: a third
  // longer than it, plus 43 characters. `question` is the request, without what
  // may differ from page to page.
  std::string Write(const AccountId& account, absl::string_view question,
                    absl::string_view place) const {
    return absl::WebSafeBase64Escape(
        seal_.Close(Context(account, question), place));
  }

  // Returns the place, or nothing if the marker is not one of this account and
  // this query.
  std::optional<std::string> Read(const AccountId& account,
                                  absl::string_view question,
                                  absl::string_view marker) const {
    std::string closed;
    if (!absl::WebSafeBase64Unescape(marker, &closed)) return std::nullopt;
    return seal_.Open(Context(account, question), closed);
  }

 private:
  static std::string Context(const AccountId& account,
                             absl::string_view question) {
    return absl::StrCat(account.value, " ", question);
  }

  const Seal seal_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_PAGE_MARKERS_H_
