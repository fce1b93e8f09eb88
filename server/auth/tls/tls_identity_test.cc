#include "server/auth/tls/tls_identity.h"

#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/auth/testing/test_certificate.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class TlsIdentityTest : public testing::Test {
 protected:
  void SetUp() override {
    Write(options_.certificate_file, first_.certificate);
    Write(options_.private_key_file, first_.key);
  }

  // Puts a new file in the place of another.
  static void Write(const std::string& path, const std::string& content,
                    mode_t mode = 0600) {
    const std::string next = absl::StrCat(path, ".next");
    std::ofstream(next) << content;
    EXPECT_EQ(chmod(next.c_str(), mode), 0);
    EXPECT_EQ(std::rename(next.c_str(), path.c_str()), 0);
  }

  static std::string Path(const std::string& name) {
    return absl::StrCat(
        testing::TempDir(), "/",
        testing::UnitTest::GetInstance()->current_test_info()->name(), "-",
        name);
  }

  std::string ErrorOf(const TlsOptions& options) {
    const absl::StatusOr<TlsIdentity> identity = ReadTlsIdentity(options);
    EXPECT_EQ(identity.status().code(), absl::StatusCode::kInvalidArgument);
    return std::string(identity.status().message());
  }

  std::unique_ptr<TlsIdentityFiles> Open() {
    auto files = TlsIdentityFiles::Open(
        options_,
        [this](const absl::Status& status) { told_.push_back(status); });
    EXPECT_TRUE(files.ok()) << files.status();
    return *std::move(files);
  }

  const TestCertificate first_ = MakeTestCertificate("DNS:first");
  const TestCertificate second_ = MakeTestCertificate("DNS:second");
  const TlsOptions options_ = {Path("certificate"), Path("key"), ""};
  std::vector<absl::Status> told_;
};

TEST_F(TlsIdentityTest, IsReadFromItsFiles) {
  TlsOptions options = options_;
  options.client_authorities_file = Path("authorities");
  Write(options.client_authorities_file, second_.certificate, 0644);
  const absl::StatusOr<TlsIdentity> identity = ReadTlsIdentity(options);
  ASSERT_TRUE(identity.ok()) << identity.status();
  EXPECT_EQ(identity->certificate, first_.certificate);
  EXPECT_EQ(identity->private_key, first_.key);
  EXPECT_EQ(identity->client_authorities, second_.certificate);
}

TEST_F(TlsIdentityTest, AKeyThatOthersMayReadIsRefused) {
  Write(options_.private_key_file, first_.key, 0644);
  EXPECT_THAT(ErrorOf(options_), HasSubstr("chmod 600"));
}

TEST_F(TlsIdentityTest, TheKeyOfAnotherCertificateIsRefused) {
  Write(options_.private_key_file, second_.key);
  EXPECT_THAT(ErrorOf(options_), HasSubstr("is not the key of"));
}

TEST_F(TlsIdentityTest, WhatIsMissingOrNoPemIsRefusedByName) {
  TlsOptions missing = options_;
  missing.client_authorities_file = "/nowhere";
  EXPECT_THAT(ErrorOf(missing), HasSubstr("\"/nowhere\" cannot be read"));
  Write(options_.private_key_file, "hidden");
  EXPECT_THAT(ErrorOf(options_), HasSubstr("holds no private key"));
  EXPECT_THAT(ErrorOf(options_), Not(HasSubstr("hidden")));
  Write(options_.certificate_file, "");
  EXPECT_THAT(ErrorOf(options_), HasSubstr("holds no certificate"));
}

TEST_F(TlsIdentityTest, FollowsItsFiles) {
  const auto files = Open();
  const auto first = files->Current();
  EXPECT_EQ(files->Current(), first);
  // Between the two the pair does not fit, and the old one counts.
  Write(options_.certificate_file, second_.certificate);
  EXPECT_EQ(files->Current(), first);
  Write(options_.private_key_file, second_.key);
  EXPECT_EQ(files->Current()->certificate, second_.certificate);
  ASSERT_EQ(told_.size(), 2u);
  EXPECT_FALSE(told_[0].ok());
  EXPECT_TRUE(told_[1].ok());
}

TEST_F(TlsIdentityTest, FilesThatMakeNoSenseAreToldOfOnce) {
  const auto files = Open();
  const auto first = files->Current();
  Write(options_.certificate_file, "nonsense");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(files->Current(), first);
  EXPECT_EQ(std::remove(options_.certificate_file.c_str()), 0);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(files->Current(), first);
  EXPECT_EQ(told_.size(), 2u);
}

}  // namespace
}  // namespace holdline
