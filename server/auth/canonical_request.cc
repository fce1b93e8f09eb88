#include "server/auth/canonical_request.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace holdline {
namespace {

constexpr char kHexDigits[] = "0123456789ABCDEF";

bool IsUnreserved(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

void AppendEncoded(absl::string_view text, std::string* out) {
  for (const char c : text) {
    if (IsUnreserved(c)) {
      out->push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out->push_back('%');
    out->push_back(kHexDigits[byte >> 4]);
    out->push_back(kHexDigits[byte & 15]);
  }
}

int HexValueOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Takes `%` and two digits for the byte that they stand for. A `%` that stands
// for nothing is itself.
std::string Decoded(absl::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && text.size() - i > 2) {
      const int high = HexValueOf(text[i + 1]);
      const int low = HexValueOf(text[i + 2]);
      if (high >= 0 && low >= 0) {
        decoded.push_back(static_cast<char>(high << 4 | low));
        i += 2;
        continue;
      }
    }
    decoded.push_back(text[i]);
  }
  return decoded;
}

std::string Encoded(absl::string_view text) {
  std::string encoded;
  AppendEncoded(text, &encoded);
  return encoded;
}

// Whether some white space within the value is not just one space. REQUIRES:
// there is none at its ends.
bool HasSpaceToFold(absl::string_view value) {
  for (size_t i = 0; i < value.size(); ++i) {
    if (absl::ascii_isspace(static_cast<unsigned char>(value[i])) &&
        (value[i] != ' ' || value[i + 1] == ' ')) {
      return true;
    }
  }
  return false;
}

// Appends the value without white space at its ends, and with one space for
// each run of it within.
void AppendFolded(absl::string_view value, std::string* out) {
  value = absl::StripAsciiWhitespace(value);
  if (!HasSpaceToFold(value)) return absl::StrAppend(out, value);
  bool between = false;
  for (const char c : value) {
    const bool space = absl::ascii_isspace(static_cast<unsigned char>(c));
    if (!space) {
      out->push_back(c);
    } else if (!between) {
      out->push_back(' ');
    }
    between = space;
  }
}

}  // namespace

CanonicalHeaders::CanonicalHeaders(const std::vector<RequestHeader>& headers) {
  headers_.reserve(headers.size());
  for (const RequestHeader& header : headers) {
    headers_.push_back({absl::AsciiStrToLower(header.name), "", 1});
    AppendFolded(header.value, &headers_.back().value);
  }
  // Stable, because the order of values of one name counts.
  std::stable_sort(
      headers_.begin(), headers_.end(),
      [](const Header& a, const Header& b) { return a.name < b.name; });
  size_t kept = 0;
  for (size_t i = 0; i < headers_.size(); ++i) {
    if (kept > 0 && headers_[kept - 1].name == headers_[i].name) {
      absl::StrAppend(&headers_[kept - 1].value, ",", headers_[i].value);
      ++headers_[kept - 1].count;
      continue;
    }
    if (kept != i) headers_[kept] = std::move(headers_[i]);
    ++kept;
  }
  headers_.resize(kept);
}

const CanonicalHeaders::Header* CanonicalHeaders::HeaderNamed(
    absl::string_view name) const {
  const auto found =
      std::lower_bound(headers_.begin(), headers_.end(), name,
                       [](const Header& header, absl::string_view wanted) {
                         return absl::string_view(header.name) < wanted;
                       });
  return found == headers_.end() || found->name != name ? nullptr : &*found;
}

const std::string* CanonicalHeaders::Find(absl::string_view name) const {
  const Header* const header = HeaderNamed(name);
  return header == nullptr ? nullptr : &header->value;
}

int CanonicalHeaders::CountOf(absl::string_view name) const {
  const Header* const header = HeaderNamed(name);
  return header == nullptr ? 0 : header->count;
}

const std::string* CanonicalHeaders::FirstNotIn(
    const std::vector<absl::string_view>& names,
    absl::string_view prefix) const {
  for (const Header& header : headers_) {
    if (absl::StartsWith(header.name, prefix) &&
        !std::binary_search(names.begin(), names.end(),
                            absl::string_view(header.name))) {
      return &header.name;
    }
  }
  return nullptr;
}

std::string CanonicalPath(absl::string_view path) {
  std::vector<absl::string_view> segments;
  for (const absl::string_view segment : absl::StrSplit(path, '/')) {
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
  }
  std::string canonical = "/";
  for (size_t i = 0; i < segments.size(); ++i) {
    if (i > 0) canonical.push_back('/');
    AppendEncoded(segments[i], &canonical);
  }
  if (!segments.empty() && path.back() == '/') canonical.push_back('/');
  return canonical;
}

std::string CanonicalQuery(absl::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const absl::string_view parameter :
       absl::StrSplit(query, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(parameter, absl::MaxSplits('=', 1));
    parameters.emplace_back(Encoded(Decoded(parts.first)),
                            Encoded(Decoded(parts.second)));
  }
  std::sort(parameters.begin(), parameters.end());
  return absl::StrJoin(parameters, "&", absl::PairFormatter("="));
}

std::optional<std::string> CanonicalRequestPrefix(
    const SignedRequest& request, const CanonicalHeaders& headers,
    const AuthorizationHeader& authorization) {
  const size_t question = request.target.find('?');
  std::string canonical =
      absl::StrCat(request.method, "\n",
                   CanonicalPath(request.target.substr(0, question)), "\n");
  if (question != absl::string_view::npos) {
    canonical += CanonicalQuery(request.target.substr(question + 1));
  }
  canonical.push_back('\n');
  for (const absl::string_view name : authorization.signed_header_names) {
    const std::string* const value = headers.Find(name);
    if (value == nullptr) return std::nullopt;
    absl::StrAppend(&canonical, name, ":", *value, "\n");
  }
  absl::StrAppend(&canonical, "\n", authorization.signed_headers, "\n");
  return canonical;
}

}  // namespace holdline
