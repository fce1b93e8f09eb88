#include "server/auth/credentials/credentials_editor.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/auth/credentials/secret_file.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;

CredentialEntry Entry(const std::string& access_key) {
  CredentialEntry entry;
  entry.credential.access_key = access_key;
  entry.credential.secret = "0123456789abcdef";
  entry.credential.principal.account.value = "123456789012";
  entry.credential.principal.user = "u";
  entry.credential.principal.roles = {Role::kOperator};
  return entry;
}

class CredentialsEditorTest : public ::testing::Test {
 protected:
  CredentialsEditorTest() { remove(path_.c_str()); }

  absl::Status Add(const std::string& access_key) {
    auto editor = CredentialsEditor::Open(path_);
    if (!editor.ok()) return editor.status();
    (*editor)->content().credentials.push_back(Entry(access_key));
    return (*editor)->Save();
  }

  const std::string path_ =
      absl::StrCat(testing::TempDir(), "/credentials.json");
};

TEST_F(CredentialsEditorTest, BeginsWithAnEmptyFile) {
  ASSERT_TRUE(Add("ONE").ok());
  auto editor = CredentialsEditor::Open(path_);
  ASSERT_TRUE(editor.ok()) << editor.status();
  ASSERT_NE((*editor)->Find("ONE"), nullptr);
  EXPECT_EQ((*editor)->Find("TWO"), nullptr);
}

TEST_F(CredentialsEditorTest, ChangesNothingUnlessItIsSaved) {
  ASSERT_TRUE(Add("ONE").ok());
  (*CredentialsEditor::Open(path_))->content().credentials.clear();
  EXPECT_EQ(ReadCredentialsFile(path_)->credentials.size(), 1);
}

TEST_F(CredentialsEditorTest, NeverOverwritesAFileThatItCannotRead) {
  ASSERT_TRUE(WriteSecretFile(path_, "{").ok());
  EXPECT_FALSE(Add("ONE").ok());
  EXPECT_EQ(*ReadSecretFile(path_, "file", 9), "{");
}

TEST_F(CredentialsEditorTest, SaysWhenThereIsNoSuchFolder) {
  const absl::Status status =
      CredentialsEditor::Open("/nowhere/at/all").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("/nowhere/at/all"));
}

TEST_F(CredentialsEditorTest, OfManyAtOnceNoneUndoesWhatAnotherDid) {
  constexpr int kThreads = 4;
  constexpr int kEach = 10;
  std::atomic<int> failures = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        if (!Add(absl::StrCat("T", t, "N", i)).ok()) ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(ReadCredentialsFile(path_)->credentials.size(), kThreads * kEach);
}

}  // namespace
}  // namespace holdline
