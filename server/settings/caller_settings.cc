#include "server/settings/caller_settings.h"

#include "server/base/listen_address.h"

namespace holdline {

SettingGroup CallerSettings(CredentialOptions* credentials, TlsOptions* tls) {
  return {"Who may call",
          {TextSetting("credentials-file", "FILE",
                       "The credentials, as `holdline credentials` makes them. "
                       "Empty: everybody on this machine may do everything, "
                       "and nobody else can call.",
                       &credentials->file, AnyText),
           TextSetting("credentials-key-file", "FILE",
                       "The key of the secrets in it, if they are protected.",
                       &credentials->key_file, AnyText),
           TextSetting("tls-certificate-file", "FILE",
                       "The server's certificate and its chain, in PEM. Empty "
                       "serves without TLS.",
                       &tls->certificate_file, AnyText),
           TextSetting("tls-private-key-file", "FILE",
                       "The certificate's private key, in PEM.",
                       &tls->private_key_file, AnyText),
           TextSetting("tls-client-authorities-file", "FILE",
                       "The certificates, in PEM, that those of clients must "
                       "stem from. Empty asks clients for none.",
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
