#include "server/auth/tls/tls_contexts.h"

#include <openssl/ssl.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "boost/asio/buffer.hpp"
#include "boost/system/error_code.hpp"

namespace holdline {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

absl::StatusOr<TlsContexts::Context> Make(const TlsIdentity& identity) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* const native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(
      native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // A connection that waits for long keeps no more memory than it needs.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  boost::system::error_code error;
  context->use_certificate_chain(asio::buffer(identity.certificate), error);
  if (!error) {
    context->use_private_key(asio::buffer(identity.private_key),
                             ssl::context::pem, error);
  }
  if (!error) return context;
  return absl::InvalidArgumentError(
      absl::StrCat("the certificate cannot be used: ", error.message()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<TlsContexts>> TlsContexts::Open(
    const TlsOptions& options, TlsIdentityFiles::OnChange on_change) {
  auto files = TlsIdentityFiles::Open(options, std::move(on_change));
  if (!files.ok()) return files.status();
  auto context = Make(*(*files)->Current());
  if (!context.ok()) return context.status();
  return std::unique_ptr<TlsContexts>(
      new TlsContexts(*std::move(files), *std::move(context)));
}

TlsContexts::TlsContexts(std::unique_ptr<TlsIdentityFiles> files,
                         Context context)
    : files_(std::move(files)), context_(std::move(context)) {
  identity_ = files_->Current();
}

TlsContexts::Context TlsContexts::Current() {
  auto identity = files_->Current();
  if (identity == identity_) return context_;
  identity_ = std::move(identity);
  auto context = Make(*identity_);
  if (context.ok()) context_ = *std::move(context);
  return context_;
}

}  // namespace holdline
