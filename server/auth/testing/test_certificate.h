// For tests: a certificate and its key.

#ifndef HOLDLINE_SERVER_AUTH_TESTING_TEST_CERTIFICATE_H_
#define HOLDLINE_SERVER_AUTH_TESTING_TEST_CERTIFICATE_H_

#include <string>

namespace holdline {

struct TestCertificate {
  std::string certificate;  // PEM
  std::string key;          // PEM
};

// Makes one that signs itself, for a day, for `name` such as `DNS:localhost`,
// `IP:127.0.0.1` or `URI:spiffe://example/runner`.
TestCertificate MakeTestCertificate(const std::string& name);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_TESTING_TEST_CERTIFICATE_H_
