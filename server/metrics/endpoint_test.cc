#include "server/metrics/endpoint.h"

#include <fstream>
#include <map>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/listen_address.h"
#include "server/metrics/exchange.h"

namespace holdline {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string Get(const MetricsEndpoint& endpoint, const std::string& path,
                const std::string& headers = "") {
  return Exchange(*ParseListenAddress(endpoint.address()),
                  absl::StrCat("GET ", path, " HTTP/1.0\r\n", headers, "\r\n"));
}

MetricsSources OneGroup() {
  return {.ask_engine =
              [](CommandBody what, ReplyCallback reply) {
                if (std::holds_alternative<PipelineCommand>(what)) {
                  return reply(PipelineCensus());
                }
                GroupView view;
                view.settings.group = {{"000000000000"}, "say \"hi\"\n\\o/"};
                view.ready_tasks = 3;
                reply(GroupsAnswer{{view}, false});
              },
          .log_lines_dropped = [] { return 4; },
          .ready = [] { return true; }};
}

class EndpointTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<MetricsEndpoint>> Start(
      const std::string& address) {
    options_.address = address;
    return MetricsEndpoint::Start(options_, metrics_, OneGroup(), credentials_);
  }

  // Why it does not start on every address of the machine.
  std::string ErrorBeyondLoopback() {
    return std::string(Start("0.0.0.0:0").status().message());
  }

  MetricsOptions options_;
  const CredentialStore* credentials_ = nullptr;
  Metrics metrics_;
};

TEST_F(EndpointTest, ServesTheMetricsAtItsRealPort) {
  const auto endpoint = Start("127.0.0.1:0");
  ASSERT_TRUE(endpoint.ok()) << endpoint.status();
  EXPECT_THAT((*endpoint)->address(), StartsWith("127.0.0.1:"));
  const std::string answer = Get(**endpoint, "/metrics");
  EXPECT_THAT(answer, HasSubstr("200 OK"));
  EXPECT_THAT(answer, HasSubstr("\nholdline_tasks_live 3\n"));
  EXPECT_THAT(answer, HasSubstr("\nholdline_log_lines_dropped_total 4\n"));
  EXPECT_THAT(answer, HasSubstr("\nholdline_build_info{"));
  EXPECT_THAT(answer, HasSubstr("\nprocess_open_fds "));
}

TEST_F(EndpointTest, GroupNamesAreEscaped) {
  const auto endpoint = Start("127.0.0.1:0");
  ASSERT_TRUE(endpoint.ok()) << endpoint.status();
  EXPECT_THAT(
      Get(**endpoint, "/metrics"),
      HasSubstr(
          R"(holdline_tasks_ready{account="000000000000",group="say \"hi\"\n\\o/"} 3)"));
}

TEST_F(EndpointTest, BeyondLoopbackItNeedsCredentialsAndTls) {
  EXPECT_THAT(ErrorBeyondLoopback(), HasSubstr("needs credentials and TLS"));
  const CredentialStore credentials{Credentials()};
  credentials_ = &credentials;
  EXPECT_THAT(ErrorBeyondLoopback(), HasSubstr("needs credentials and TLS"));
  options_.tls = {"/nowhere/certificate.pem", "/nowhere/key.pem", ""};
  EXPECT_THAT(ErrorBeyondLoopback(), HasSubstr("/nowhere/"));
}

TEST_F(EndpointTest, APortInUseIsAClearError) {
  const auto first = Start("127.0.0.1:0");
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = Start((*first)->address());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(
      std::string(second.status().message()),
      HasSubstr(absl::StrCat("cannot listen on ", (*first)->address(),
                             " for /metrics, /healthz, /readyz: Address")));
}

TEST_F(EndpointTest, AddressesThatCannotServeAreRefused) {
  for (const char* address : {"0.0.0.0:0", "[::]:0", "127.0.0.1"}) {
    EXPECT_EQ(Start(address).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST_F(EndpointTest, ProbesAreAnsweredWithoutFacts) {
  bool ready = false;
  MetricsSources sources = OneGroup();
  sources.ready = [&ready] { return ready; };
  options_.address = "127.0.0.1:0";
  const auto endpoint =
      MetricsEndpoint::Start(options_, metrics_, std::move(sources), nullptr);
  ASSERT_TRUE(endpoint.ok()) << endpoint.status();
  EXPECT_THAT(Get(**endpoint, "/healthz"),
              AllOf(HasSubstr(" 200 "), EndsWith("\r\n\r\nok\n")));
  EXPECT_THAT(Get(**endpoint, "/readyz"),
              AllOf(HasSubstr(" 503 "), EndsWith("\r\n\r\nnot ready\n")));
  ready = true;
  EXPECT_THAT(Get(**endpoint, "/readyz", "Host: 10.0.0.7:7072\r\n"),
              AllOf(HasSubstr(" 200 "), EndsWith("\r\n\r\nok\n")));
}

TEST_F(EndpointTest, OnLoopbackWebPagesAreNotShownTheMetrics) {
  const auto endpoint = Start("127.0.0.1:0");
  ASSERT_TRUE(endpoint.ok()) << endpoint.status();
  for (const char* headers :
       {"Host: attacker.example\r\n", "Host: attacker.example:7072\r\n",
        "Host: localhost\r\nOrigin: http://attacker.example\r\n"}) {
    const std::string answer = Get(**endpoint, "/metrics", headers);
    EXPECT_THAT(answer, HasSubstr(" 403 ")) << headers;
    EXPECT_THAT(answer, Not(HasSubstr("holdline_"))) << headers;
  }
  for (const char* headers : {"Host: localhost:7072\r\n", "Host: [::1]\r\n"}) {
    EXPECT_THAT(Get(**endpoint, "/metrics", headers), HasSubstr(" 200 "));
  }
}

// Each metric as the README's table shows it: name, type and labels.
std::set<std::string> Documented() {
  std::set<std::string> rows;
  std::ifstream readme("server/metrics/README.md");
  const std::regex row(R"(\| `([a-z_]+)` \| ([a-z]+) \| ([^|]*) \|.*)");
  for (std::string line; std::getline(readme, line);) {
    std::smatch match;
    if (std::regex_match(line, match, row)) {
      rows.insert(absl::StrCat(match[1].str(), " ", match[2].str(), " ",
                               match[3].str()));
    }
  }
  return rows;
}

// The same of what is served.
std::set<std::string> Served(const std::string& exposition) {
  std::map<std::string, std::string> types;
  std::map<std::string, std::set<std::string>> labels;
  const std::regex type(R"(# TYPE (\w+) (\w+))");
  const std::regex series(R"((\w+?)(_bucket|_count|_sum)?\{(.*)\} \S+)");
  const std::regex label(R"((\w+)="(\\.|[^"\\])*")");
  for (const absl::string_view view : absl::StrSplit(exposition, '\n')) {
    const std::string line(view);
    std::smatch match;
    if (std::regex_match(line, match, type)) types[match[1]] = match[2];
    if (!std::regex_match(line, match, series)) continue;
    const std::string name = match[1];
    const std::string text = match[3];
    for (std::sregex_iterator it(text.begin(), text.end(), label), end;
         it != end; ++it) {
      if ((*it)[1] != "le")
        labels[name].insert(absl::StrCat("`", (*it)[1].str(), "`"));
    }
  }
  std::set<std::string> rows;
  for (const auto& [name, kind] : types) {
    rows.insert(
        absl::StrCat(name, " ", kind, " ", absl::StrJoin(labels[name], ", ")));
  }
  return rows;
}

TEST_F(EndpointTest, TheReadmeListsExactlyWhatIsServed) {
  const auto endpoint = Start("127.0.0.1:0");
  ASSERT_TRUE(endpoint.ok()) << endpoint.status();
  EXPECT_EQ(Documented(), Served(Get(**endpoint, "/metrics")));
}

}  // namespace
}  // namespace holdline
