#include "server/settings/caller_settings.h"

#include "server/base/listen_address.h"

namespace holdline {

SettingGroup CallerSettings(CredentialOptions* credentials, TlsOptions* tls) {
  return {
      "Security",
      {TextSetting(
           "credentials-file", "FILE",
           "The credentials file, as written by `holdline credentials`. Empty: "
           "no authentication, and only loopback addresses can be served.",
           &credentials->file, AnyText),
       TextSetting("credentials-key-file", "FILE",
                   "The key that decrypts the protected secrets in the "
                   "credentials file.",
                   &credentials->key_file, AnyText),
       TextSetting(
           "tls-certificate-file", "FILE",
           "The server's certificate chain, in PEM. Empty disables TLS.",
           &tls->certificate_file, AnyText),
       TextSetting("tls-private-key-file", "FILE",
                   "The private key of the certificate, in PEM.",
                   &tls->private_key_file, AnyText),
       TextSetting("tls-client-authorities-file", "FILE",
                   "The CA certificates, in PEM, that client certificates are "
                   "verified against. Empty requests no client certificates.",
                   &tls->client_authorities_file, AnyText)}};
}

absl::Status CheckCallers(const CredentialOptions& credentials,
                          const TlsOptions& tls) {
  if (tls.certificate_file.empty() != tls.private_key_file.empty()) {
    return absl::InvalidArgumentError(
        "tls-certificate-file and tls-private-key-file go together");
  }
  if (!tls.client_authorities_file.empty() && !tls.enabled()) {
    return absl::InvalidArgumentError(
        "tls-client-authorities-file needs tls-certificate-file");
  }
  if (!credentials.key_file.empty() && credentials.file.empty()) {
    return absl::InvalidArgumentError(
        "credentials-key-file needs credentials-file");
  }
  return absl::OkStatus();
}

absl::Status CheckAddress(const std::string& text) {
  return ParseListenAddress(text).status();
}

absl::Status AnyText(const std::string&) { return absl::OkStatus(); }

}  // namespace holdline
