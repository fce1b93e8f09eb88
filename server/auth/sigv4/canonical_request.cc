#include "server/auth/sigv4/canonical_request.h"

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

// Appends the text, which may be a part of what is there.
void Append(absl::string_view text, std::string* out) {
  out->append(text.data(), text.size());
}

// Appends the name in lower case, and returns what was appended.
absl::string_view AppendLowerCase(absl::string_view name, std::string* out) {
  const size_t start = out->size();
  for (const char c : name) {
    out->push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
  }
  return absl::string_view(*out).substr(start);
}

// Appends the value without white space at its ends, and with one space for
// each run of it within, and returns what was appended.
absl::string_view AppendFolded(absl::string_view value, std::string* out) {
  const size_t start = out->size();
  value = absl::StripAsciiWhitespace(value);
  if (HasSpaceToFold(value)) {
    for (const absl::string_view word : absl::StrSplit(
             value, absl::ByAnyChar(" \t\r\n\v\f"), absl::SkipEmpty())) {
      if (out->size() > start) out->push_back(' ');
      Append(word, out);
    }
  } else {
    Append(value, out);
  }
  return absl::string_view(*out).substr(start);
}

}  // namespace

CanonicalHeaders::CanonicalHeaders(const std::vector<RequestHeader>& headers) {
  size_t bytes = 0;
  for (const RequestHeader& header : headers) {
    bytes += header.name.size() + header.value.size() + 1;
  }
  // Twice, for values that are joined, too.
  text_.reserve(2 * bytes);
  headers_.reserve(headers.size());
  for (const RequestHeader& header : headers) {
    headers_.push_back({AppendLowerCase(header.name, &text_),
                        AppendFolded(header.value, &text_), 1});
  }
  // Those of one name as they came, because the order of their values counts.
  std::sort(headers_.begin(), headers_.end(),
            [](const Header& a, const Header& b) {
              const int order = a.name.compare(b.name);
              return order < 0 || (order == 0 && a.name.data() < b.name.data());
            });
  Join();
}

void CanonicalHeaders::Join() {
  size_t kept = 0;
  for (size_t i = 0; i < headers_.size(); ++kept) {
    Header header = headers_[i];
    const size_t start = text_.size();
    for (++i; i < headers_.size() && headers_[i].name == header.name; ++i) {
      if (header.count++ == 1) Append(header.value, &text_);
      text_.push_back(',');
      Append(headers_[i].value, &text_);
      header.value = absl::string_view(text_).substr(start);
    }
    headers_[kept] = header;
  }
  headers_.resize(kept);
}

const CanonicalHeaders::Header* CanonicalHeaders::HeaderNamed(
    absl::string_view name) const {
  const auto found =
      std::lower_bound(headers_.begin(), headers_.end(), name,
                       [](const Header& header, absl::string_view wanted) {
                         return header.name < wanted;
                       });
  return found == headers_.end() || found->name != name ? nullptr : &*found;
}

const absl::string_view* CanonicalHeaders::Find(absl::string_view name) const {
  const Header* const header = HeaderNamed(name);
  return header == nullptr ? nullptr : &header->value;
}

int CanonicalHeaders::CountOf(absl::string_view name) const {
  const Header* const header = HeaderNamed(name);
  return header == nullptr ? 0 : header->count;
}

const absl::string_view* CanonicalHeaders::FirstNotIn(
    const std::vector<absl::string_view>& names,
    absl::string_view prefix) const {
  for (const Header& header : headers_) {
    if (absl::StartsWith(header.name, prefix) &&
        !std::binary_search(names.begin(), names.end(), header.name)) {
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
    const absl::string_view* const value = headers.Find(name);
    if (value == nullptr) return std::nullopt;
    absl::StrAppend(&canonical, name, ":", *value, "\n");
  }
  absl::StrAppend(&canonical, "\n", authorization.signed_headers, "\n");
  return canonical;
}

}  // namespace holdline
