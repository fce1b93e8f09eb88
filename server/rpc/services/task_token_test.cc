#include "server/rpc/services/task_token.h"

#include <cstdint>
#include <random>
#include <string>

#include "gtest/gtest.h"

namespace holdline {
namespace {

const AccountId kAccount{"000000000000"};
const std::string kSecret(32, 's');

LeaseName Name(uint64_t task, uint64_t lease) {
  return {TaskId{task}, LeaseId{lease}};
}

TEST(TaskTokenTest, ReadsWhatItIssued) {
  const TaskTokens tokens(kSecret);
  for (const LeaseName& name :
       {Name(0, 0), Name(1, 2), Name(UINT64_MAX, UINT64_MAX - 1)}) {
    const std::string token = tokens.Issue(kAccount, name);
    EXPECT_EQ(token.size(), 68u);
    const auto read = tokens.Read(kAccount, token);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(*read, name);
  }
}

TEST(TaskTokenTest, IsTheSameAfterARestart) {
  EXPECT_EQ(TaskTokens(kSecret).Issue(kAccount, Name(7, 9)),
            TaskTokens(kSecret).Issue(kAccount, Name(7, 9)));
}

// By another implementation: tasks outlive the version that handed them out.
TEST(TaskTokenTest, ReadsThoseOfEveryVersion) {
  const TaskTokens tokens(kSecret);
  for (const char* token : {"AQAAAAAAAAAHAAAAAAAAAAkFwNngbSsguR"
                            "2tt+y7ONYrHUJJWmdNTg45Zs++CsPwSA==",
                            "Al/VZM0MkYKquYAngwINywMEKjviG2aUyj"
                            "iqPEymz376AB8UiIczTMiqzgogWGN8CQ=="}) {
    const auto read = tokens.Read(kAccount, token);
    ASSERT_TRUE(read.ok()) << token;
    EXPECT_EQ(*read, Name(7, 9));
    EXPECT_FALSE(tokens.Read({"111111111111"}, token).ok());
  }
}

TEST(TaskTokenTest, TellsNobodyItsNumbers) {
  const TaskTokens tokens(kSecret);
  const std::string one = tokens.Issue(kAccount, Name(7, 9));
  const std::string next = tokens.Issue(kAccount, Name(7, 10));
  int same = 0;
  for (size_t i = 2; i < one.size() - 2; ++i) same += one[i] == next[i];
  EXPECT_LT(same, 12) << one << " " << next;
}

TEST(TaskTokenTest, DoesNotKnowThoseOfOthers) {
  const std::string token = TaskTokens(kSecret).Issue(kAccount, Name(7, 9));
  EXPECT_TRUE(absl::IsNotFound(
      TaskTokens(kSecret).Read({"111111111111"}, token).status()));
  EXPECT_TRUE(absl::IsNotFound(
      TaskTokens(std::string(32, 't')).Read(kAccount, token).status()));
}

TEST(TaskTokenTest, DoesNotKnowACutOrChangedOne) {
  const TaskTokens tokens(kSecret);
  const std::string token = tokens.Issue(kAccount, Name(7, 9));
  for (size_t size = 0; size < token.size(); ++size) {
    EXPECT_FALSE(tokens.Read(kAccount, token.substr(0, size)).ok()) << size;
  }
  for (const std::string& wrapped :
       {" " + token, token + "\n", token + "A", token + "="}) {
    EXPECT_FALSE(tokens.Read(kAccount, wrapped).ok()) << wrapped;
  }
  for (size_t at = 0; at < token.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = token;
      changed[at] = static_cast<char>(byte);
      if (changed == token) continue;
      const auto read = tokens.Read(kAccount, changed);
      ASSERT_TRUE(absl::IsNotFound(read.status())) << at << " " << byte;
    }
  }
}

TEST(TaskTokenTest, DoesNotKnowNoise) {
  const TaskTokens tokens(kSecret);
  std::mt19937 random(1);
  constexpr char kBase64[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int round = 0; round < 20000; ++round) {
    std::string noise(random() % 140, '\0');
    const bool is_base64 = round % 2 == 0;
    for (char& c : noise) {
      c = is_base64 ? kBase64[random() % 64] : static_cast<char>(random());
    }
    EXPECT_TRUE(absl::IsNotFound(tokens.Read(kAccount, noise).status()));
  }
}

}  // namespace
}  // namespace holdline
