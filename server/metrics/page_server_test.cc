#include "server/metrics/page_server.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/metrics/exchange.h"

namespace holdline {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::unique_ptr<PageServer> Start(const ListenAddress& address) {
  const auto made = std::make_shared<std::atomic<int>>(0);
  auto server = PageServer::Start(
      address, {{.path = "/page",
                 .content_type = "text/plain",
                 .make =
                     [made](const PageCaller&) {
                       return PageAnswer{200, absl::StrCat("page ", ++*made)};
                     }},
                {.path = "/other",
                 .content_type = "text/plain",
                 .make = [](const PageCaller& caller) {
                   return PageAnswer{
                       503, absl::StrCat("host ", caller.host, " origin ",
                                         caller.has_origin)};
                 }}});
  EXPECT_TRUE(server.ok()) << server.status();
  return server.ok() ? *std::move(server) : nullptr;
}

class PageServerTest : public ::testing::Test {
 protected:
  std::string Say(const std::string& request) {
    return Exchange(server_->address(), request);
  }

  std::unique_ptr<PageServer> server_ = Start({"127.0.0.1", 0});
};

TEST_F(PageServerTest, ThePageIsMadeForEachWhoAsks) {
  EXPECT_THAT(Say("GET /page HTTP/1.0\r\n\r\n"),
              AllOf(HasSubstr(" 200 OK\r\n"), HasSubstr(": text/plain\r\n"),
                    EndsWith("\r\n\r\npage 1")));
  EXPECT_THAT(Say("GET /page?x=1 HTTP/1.0\r\n\r\n"), EndsWith("page 2"));
}

TEST_F(PageServerTest, AConnectionServesSeveralRequests) {
  const std::string answers =
      Say("GET /page HTTP/1.1\r\nHost: x\r\n\r\n"
          "GET /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answers, HasSubstr("page 1"));
  EXPECT_THAT(answers, EndsWith("page 2"));
}

TEST_F(PageServerTest, OtherPathsAndMethodsAreRefused) {
  EXPECT_THAT(
      Say("GET / HTTP/1.0\r\n\r\n"),
      AllOf(HasSubstr(" 404 "), EndsWith("There is only /page, /other.\n")));
  EXPECT_THAT(Say("GET /page2 HTTP/1.0\r\n\r\n"), HasSubstr(" 404 "));
  EXPECT_THAT(Say("DELETE /page HTTP/1.0\r\n\r\n"),
              AllOf(HasSubstr(" 405 "), HasSubstr("Allow: GET, HEAD")));
}

TEST_F(PageServerTest, HeadTellsOfThePageWithoutIt) {
  EXPECT_THAT(Say("HEAD /page HTTP/1.0\r\n\r\n"),
              AllOf(HasSubstr(" 200 OK\r\n"),
                    HasSubstr("Content-Length: 6\r\n"), EndsWith("\r\n\r\n")));
}

TEST_F(PageServerTest, PagesSayTheirStatusAndLearnWhoAsks) {
  EXPECT_THAT(Say("GET /other HTTP/1.0\r\nHost: a.b:1\r\nOrigin: null\r\n\r\n"),
              AllOf(HasSubstr(" 503 "), EndsWith("host a.b:1 origin 1")));
  EXPECT_THAT(Say("GET /other HTTP/1.0\r\n\r\n"), EndsWith("host  origin 0"));
}

TEST_F(PageServerTest, WhoMayNotSeeItIsAskedForANameAndAPassword) {
  const auto server = PageServer::Start(
      {"127.0.0.1", 0}, {{.path = "/page",
                          .content_type = "text/plain",
                          .make = [](const PageCaller& caller) {
                            return caller.authorization == "Basic abc"
                                       ? PageAnswer{200, "page"}
                                       : PageAnswer{401, "who?"};
                          }}});
  ASSERT_TRUE(server.ok()) << server.status();
  const ListenAddress address = (*server)->address();
  const std::string get = "GET /page HTTP/1.0\r\n";
  EXPECT_THAT(Exchange(address, get + "\r\n"),
              AllOf(HasSubstr(" 401 "),
                    HasSubstr("WWW-Authenticate: Basic realm=\"holdline\"")));
  EXPECT_THAT(Exchange(address, get + "Authorization: Basic abd\r\n\r\n"),
              HasSubstr(" 401 "));
  EXPECT_THAT(Exchange(address, get + "authorization: Basic abc\r\n\r\n"),
              AllOf(HasSubstr(" 200 "), EndsWith("\r\n\r\npage")));
}

TEST_F(PageServerTest, WhatIsNotARequestEndsTheConnection) {
  EXPECT_THAT(Say("\x16\x03\x01\x02\r\n\r\n"), IsEmpty());
  EXPECT_THAT(Say("GET /page HTTP/1.0\r\nX: " + std::string(9000, 'x')),
              IsEmpty());
  EXPECT_THAT(Say("GET /page HTTP/1.0\r\nContent-Length: 9\r\n\r\n123456789"),
              IsEmpty());
  EXPECT_THAT(Say("GET /page HTTP/1.0\r\n\r\n"), EndsWith("page 1"));
}

TEST_F(PageServerTest, SilentConnectionsGiveWayToThoseWhoAsk) {
  std::vector<int> silent;
  for (int i = 0; i < 100; ++i) silent.push_back(Connect(server_->address()));
  EXPECT_THAT(Say("GET /page HTTP/1.0\r\n\r\n"), EndsWith("page 1"));
  // 64 are left of 101, and one of these is gone.
  for (int i = 0; i < 37; ++i) EXPECT_THAT(ReadToEnd(silent[i]), IsEmpty());
  for (int i = 37; i < 100; ++i) close(silent[i]);
}

TEST_F(PageServerTest, WhoAskedLatelyStaysLongerThanTheSilent) {
  const int asker = Connect(server_->address());
  std::vector<int> silent;
  for (int i = 0; i < 62; ++i) silent.push_back(Connect(server_->address()));
  // Whoever came before one that is answered has been accepted.
  const int last = Connect(server_->address());
  Send(last, "GET /page HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(ReadUntil(last, "page 1"), EndsWith("page 1"));
  Send(asker, "GET /page HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(ReadUntil(asker, "page 2"), EndsWith("page 2"));
  silent.push_back(Connect(server_->address()));
  EXPECT_THAT(ReadToEnd(silent[0]), IsEmpty());
  Send(asker, "GET /page HTTP/1.0\r\n\r\n");
  EXPECT_THAT(ReadToEnd(asker), EndsWith("page 3"));
  close(last);
  for (size_t i = 1; i < silent.size(); ++i) close(silent[i]);
}

TEST_F(PageServerTest, StopsAtOnceWithConnectionsOpen) {
  const int connection = Connect(server_->address());
  server_.reset();
  EXPECT_THAT(ReadToEnd(connection), IsEmpty());
}

TEST_F(PageServerTest, APortInUseIsAClearError) {
  const auto second = PageServer::Start(server_->address(), {Page()});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()),
              AllOf(StartsWith("cannot listen on 127.0.0.1:"),
                    HasSubstr("Address already in use")));
}

TEST(PageServerIpv6Test, ServesThere) {
  const auto server = Start({"::1", 0});
  EXPECT_THAT(Exchange(server->address(), "GET /page HTTP/1.0\r\n\r\n"),
              EndsWith("page 1"));
}

}  // namespace
}  // namespace holdline
