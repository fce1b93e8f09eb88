// The gRPC server over TLS, and who its clients are.

#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"
#include "openssl/bio.h"
#include "openssl/ssl.h"
#include "proto/metadata_keys.h"
#include "server/auth/credentials/credential_store.h"
#include "server/auth/testing/test_certificate.h"
#include "server/rpc/testing/raw_call.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;

constexpr char kMethod[] = "/holdline.v1.Operator/ListGroups";
const Metadata kBearer = {{kAuthorizationKey, "Bearer key:secret"}};

Principal Operator(const std::string& name) {
  Principal principal;
  principal.account = AccountId{"111122223333"};
  principal.user = name;
  principal.roles = {Role::kOperator};
  return principal;
}

Credentials Sample() {
  Credential credential;
  credential.access_key = "key";
  credential.secret = "secret";
  credential.principal = Operator("by-key");
  Principal submitter = Operator("submitter");
  submitter.roles = {Role::kSubmitter};
  return Credentials({credential},
                     {{"operator.example", Operator("by-name")},
                      {"spiffe://example/operator", Operator("by-uri")},
                      {"submitter.example", submitter}});
}

class TlsTest : public testing::Test {
 protected:
  TlsTest() {
    Write(tls_.certificate_file, server_certificate_.certificate);
    Write(tls_.private_key_file, server_certificate_.key);
  }

  static std::string Path(const std::string& name) {
    return absl::StrCat(
        testing::TempDir(), "/",
        testing::UnitTest::GetInstance()->current_test_info()->name(), "-",
        name);
  }

  // Puts a new file in the place of another.
  static void Write(const std::string& path, const std::string& content) {
    const std::string next = absl::StrCat(path, ".next");
    std::ofstream(next) << content;
    EXPECT_EQ(chmod(next.c_str(), 0600), 0);
    EXPECT_EQ(std::rename(next.c_str(), path.c_str()), 0);
  }

  // Starts the server; clients with certificates of `authorities` are believed.
  void Start(const std::string& authorities = "") {
    if (!authorities.empty()) {
      tls_.client_authorities_file = Path("authorities");
      Write(tls_.client_authorities_file, authorities);
    }
    server_ = std::make_unique<TestServer>(TestCallers{.credentials = &store_},
                                           RpcOptions{.tls = tls_});
  }

  // A connection of a client that believes `authorities`, and shows `shown`.
  std::shared_ptr<grpc::Channel> Connect(const std::string& authorities,
                                         const TestCertificate& shown = {}) {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = authorities;
    options.pem_cert_chain = shown.certificate;
    options.pem_private_key = shown.key;
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(server_->server().address(),
                                     grpc::SslCredentials(options), arguments);
  }

  std::shared_ptr<grpc::Channel> Connect(const TestCertificate& shown = {}) {
    return Connect(server_certificate_.certificate, shown);
  }

  static grpc::StatusCode Call(const std::shared_ptr<grpc::Channel>& channel,
                               const Metadata& metadata = {}) {
    return RawCall(channel, kMethod, "", metadata).status.error_code();
  }

  const TestCertificate server_certificate_ =
      MakeTestCertificate("IP:127.0.0.1");
  TlsOptions tls_ = {Path("certificate"), Path("key"), ""};
  CredentialStore store_{Sample()};
  std::unique_ptr<TestServer> server_;
};

TEST_F(TlsTest, ServesWhoBelievesItsCertificate) {
  Start();
  EXPECT_EQ(Call(Connect(), kBearer), grpc::StatusCode::OK);
  EXPECT_EQ(Call(Connect()), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(TlsTest, PlainAndDistrustingClientsGetNothing) {
  Start();
  EXPECT_EQ(Call(server_->channel(), kBearer), grpc::StatusCode::UNAVAILABLE);
  const TestCertificate other = MakeTestCertificate("IP:127.0.0.1");
  EXPECT_EQ(Call(Connect(other.certificate), kBearer),
            grpc::StatusCode::UNAVAILABLE);
}

TEST_F(TlsTest, KnowsClientsByTheirCertificates) {
  const TestCertificate by_name = MakeTestCertificate("DNS:operator.example");
  const TestCertificate by_uri =
      MakeTestCertificate("URI:spiffe://example/operator");
  const TestCertificate submitter =
      MakeTestCertificate("DNS:submitter.example");
  const TestCertificate unknown = MakeTestCertificate("DNS:other.example");
  Start(absl::StrCat(by_name.certificate, by_uri.certificate,
                     submitter.certificate, unknown.certificate));
  EXPECT_EQ(Call(Connect(by_name)), grpc::StatusCode::OK);
  EXPECT_EQ(Call(Connect(by_uri)), grpc::StatusCode::OK);
  const RawOutcome denied = RawCall(Connect(submitter), kMethod, "");
  EXPECT_EQ(denied.status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_THAT(denied.status.error_message(), HasSubstr("user/submitter"));
  EXPECT_EQ(Call(Connect(unknown)), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(Call(Connect(unknown), kBearer), grpc::StatusCode::OK);
}

TEST_F(TlsTest, ACertificateIsAskedForAndNotDemanded) {
  Start(MakeTestCertificate("DNS:operator.example").certificate);
  EXPECT_EQ(Call(Connect(), kBearer), grpc::StatusCode::OK);
}

TEST_F(TlsTest, ACertificateOfAnotherAuthorityIsNoUseAtAll) {
  Start(MakeTestCertificate("DNS:operator.example").certificate);
  const TestCertificate forged = MakeTestCertificate("DNS:operator.example");
  EXPECT_EQ(Call(Connect(forged), kBearer), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(TlsTest, CertificatesAreNotReadWithoutAuthorities) {
  Start();
  EXPECT_EQ(Call(Connect(MakeTestCertificate("DNS:operator.example"))),
            grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(TlsTest, ANewCertificateCountsForNewConnections) {
  Start();
  const auto before = Connect();
  EXPECT_EQ(Call(before, kBearer), grpc::StatusCode::OK);
  const TestCertificate next = MakeTestCertificate("IP:127.0.0.1");
  Write(tls_.certificate_file, next.certificate);
  // As long as the pair does not fit, the old one is shown.
  EXPECT_EQ(Call(Connect(), kBearer), grpc::StatusCode::OK);
  Write(tls_.private_key_file, next.key);
  EXPECT_EQ(Call(Connect(next.certificate), kBearer), grpc::StatusCode::OK);
  EXPECT_EQ(Call(Connect(), kBearer), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Call(before, kBearer), grpc::StatusCode::OK);
}

TEST_F(TlsTest, NewAuthoritiesCountForNewConnections) {
  const TestCertificate first = MakeTestCertificate("DNS:operator.example");
  const TestCertificate second = MakeTestCertificate("DNS:operator.example");
  Start(first.certificate);
  EXPECT_EQ(Call(Connect(first)), grpc::StatusCode::OK);
  EXPECT_EQ(Call(Connect(second)), grpc::StatusCode::UNAVAILABLE);
  Write(tls_.client_authorities_file, second.certificate);
  EXPECT_EQ(Call(Connect(second)), grpc::StatusCode::OK);
  EXPECT_EQ(Call(Connect(first)), grpc::StatusCode::UNAVAILABLE);
}

// Whether a client that speaks no newer version than `version` gets through the
// handshake.
bool ShakesHands(const std::string& address, int version) {
  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_max_proto_version(context, version);
  const unsigned char http2[] = {2, 'h', '2'};
  SSL_CTX_set_alpn_protos(context, http2, sizeof(http2));
  BIO* const connection = BIO_new_ssl_connect(context);
  BIO_set_conn_hostname(connection, address.c_str());
  const bool shaken = BIO_do_handshake(connection) == 1;
  BIO_free_all(connection);
  SSL_CTX_free(context);
  return shaken;
}

TEST_F(TlsTest, OldVersionsAreNotSpoken) {
  Start();
  const std::string address = server_->server().address();
  EXPECT_TRUE(ShakesHands(address, TLS1_3_VERSION));
  EXPECT_TRUE(ShakesHands(address, TLS1_2_VERSION));
  EXPECT_FALSE(ShakesHands(address, TLS1_1_VERSION));
  EXPECT_FALSE(ShakesHands(address, TLS1_VERSION));
}

TEST_F(TlsTest, FilesThatCannotBeUsedKeepTheServerFromStarting) {
  Write(tls_.private_key_file, "nonsense");
  const auto server = RpcServer::Start({.address = "127.0.0.1:0", .tls = tls_},
                                       {}, std::string(32, 's'));
  EXPECT_EQ(server.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(server.status().message()),
              HasSubstr(tls_.private_key_file));
}

}  // namespace
}  // namespace holdline
