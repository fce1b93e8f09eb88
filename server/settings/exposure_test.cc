#include "server/settings/exposure.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class ExposureTest : public ::testing::Test {
 protected:
  std::string Error() { return std::string(CheckExposure(options_).message()); }

  void ConfigureCredentials() { options_.credentials.file = "/credentials"; }

  void ConfigureTls() {
    options_.tls.certificate_file = "/certificate.pem";
    options_.tls.private_key_file = "/key.pem";
  }

  Options options_;
};

TEST_F(ExposureTest, LoopbackNeedsNothing) {
  EXPECT_EQ(Error(), "");
  options_.gateway.address = "";
  options_.metrics.address = "";
  EXPECT_EQ(Error(), "");
}

TEST_F(ExposureTest, BeyondLoopbackEveryServiceNeedsCredentials) {
  ConfigureTls();
  for (std::string* address : {&options_.rpc.address, &options_.gateway.address,
                               &options_.metrics.address}) {
    const std::string before = *address;
    *address = "0.0.0.0:1";
    EXPECT_THAT(Error(), AllOf(HasSubstr("-address \"0.0.0.0:1\""),
                               HasSubstr("--credentials-file"),
                               HasSubstr("listen on 127.0.0.1")));
    *address = before;
  }
}

TEST_F(ExposureTest, BeyondLoopbackGrpcNeedsTlsToo) {
  ConfigureCredentials();
  options_.rpc.address = "[::]:7070";
  EXPECT_THAT(Error(), AllOf(HasSubstr("grpc-address \"[::]:7070\""),
                             HasSubstr("--tls-certificate-file")));
  ConfigureTls();
  EXPECT_EQ(Error(), "");
}

TEST_F(ExposureTest, BeyondLoopbackTheMetricsPageNeedsTlsToo) {
  ConfigureCredentials();
  options_.metrics.address = "10.0.0.1:7072";
  EXPECT_THAT(Error(), AllOf(HasSubstr("metrics-address \"10.0.0.1:7072\""),
                             HasSubstr("--tls-certificate-file")));
  ConfigureTls();
  EXPECT_EQ(Error(), "");
}

TEST_F(ExposureTest, SignaturesNeedNoTls) {
  ConfigureCredentials();
  options_.gateway.address = "0.0.0.0:7071";
  EXPECT_EQ(Error(), "");
}

}  // namespace
}  // namespace holdline
