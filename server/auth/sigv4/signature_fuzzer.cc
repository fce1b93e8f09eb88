// Any request, as far as its signature is concerned: its canonical form and its
// Authorization header are read, and nobody is let in who has no secret.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "server/auth/sigv4/signature.h"
#include "server/auth/sigv4/signing_date.h"

namespace holdline {
namespace {

constexpr char kSecret[] = "nobody can know this";

void Check(bool holds) {
  if (!holds) std::abort();
}

std::shared_ptr<const Credentials> OneCredential() {
  Credential credential;
  credential.access_key = "AKID";
  credential.secret = kSecret;
  return std::make_shared<const Credentials>(
      std::vector<Credential>{std::move(credential)},
      std::vector<CertificateMapping>());
}

// The first line is method and target; each further one a header.
SignedRequest Read(absl::string_view text) {
  SignedRequest request;
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  const std::pair<absl::string_view, absl::string_view> first =
      absl::StrSplit(lines[0], absl::MaxSplits(' ', 1));
  request.method = first.first;
  request.target = first.second;
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::pair<absl::string_view, absl::string_view> header =
        absl::StrSplit(lines[i], absl::MaxSplits(':', 1));
    request.headers.push_back({header.first, header.second});
  }
  return request;
}

// What was made canonical once stays as it is.
void CheckCanonicalForms(absl::string_view target) {
  const size_t question = target.find('?');
  const std::string path = CanonicalPath(target.substr(0, question));
  Check(path.front() == '/');
  Check(path.find("//") == std::string::npos);
  if (question == absl::string_view::npos) return;
  const std::string query = CanonicalQuery(target.substr(question + 1));
  Check(CanonicalQuery(query) == query);
}

void CheckDates(const SignedRequest& request) {
  for (const RequestHeader& header : request.headers) {
    const auto date = ParseSigningDate(header.value);
    if (!date.has_value()) continue;
    Check(FormatSigningDate(date->time) == date->signed_form);
    Check(ParseSigningDate(date->signed_form)->time == date->time);
  }
}

void Run(const std::string& text) {
  static const auto* const credentials =
      new std::shared_ptr<const Credentials>(OneCredential());
  static auto* const verifier = new SignatureVerifier({});
  const SignedRequest request = Read(text);
  CheckCanonicalForms(request.target);
  CheckDates(request);
  const auto arrived = verifier->Examine(
      request, *credentials, ParseSigningDate("20121112T174952Z")->time);
  Check(!arrived.ok() || !verifier->Verify(*arrived, Sha256("{}")).ok());
}

}  // namespace
}  // namespace holdline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  holdline::Run(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
