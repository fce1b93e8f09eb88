#include "server/auth/credentials/credential_reload.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/auth/credentials/credentials_file.h"
#include "server/auth/credentials/secret_file.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string Entry(const std::string& access_key) {
  CredentialsFile file;
  Credential credential;
  credential.access_key = access_key;
  credential.secret = "0123456789abcdef";
  credential.principal.account.value = "123456789012";
  credential.principal.user = "u";
  credential.principal.roles = {Role::kOperator};
  file.credentials.push_back({credential, ""});
  return ToJson(file);
}

class CredentialReloadTest : public ::testing::Test {
 protected:
  CredentialReloadTest() { Write(Entry("FIRST")); }

  void Write(const std::string& text) {
    ASSERT_TRUE(WriteSecretFile(options_.file, text).ok());
  }

  void Open() {
    auto reload = CredentialReload::Open(options_, [this](absl::Status status) {
      reports_.push_back(status.code());
    });
    ASSERT_TRUE(reload.ok()) << reload.status();
    reload_ = *std::move(reload);
  }

  bool Knows(const std::string& access_key) {
    return reload_->store().current()->Find(access_key) != nullptr;
  }

  const CredentialOptions options_ = {
      .file = absl::StrCat(testing::TempDir(), "/credentials.json"),
      .key_file = ""};
  std::vector<absl::StatusCode> reports_;
  std::unique_ptr<CredentialReload> reload_;
};

TEST_F(CredentialReloadTest, AFileThatIsNotValidIsNoStart) {
  Write("{");
  EXPECT_FALSE(CredentialReload::Open(options_, nullptr).ok());
}

TEST_F(CredentialReloadTest, ReadsTheFileWhenItHasChanged) {
  Open();
  EXPECT_TRUE(Knows("FIRST"));
  reload_->Look();
  EXPECT_THAT(reports_, IsEmpty());
  Write(Entry("OTHER"));
  EXPECT_TRUE(Knows("FIRST"));
  reload_->Look();
  EXPECT_TRUE(Knows("OTHER"));
  EXPECT_FALSE(Knows("FIRST"));
  EXPECT_THAT(reports_, ElementsAre(absl::StatusCode::kOk));
}

TEST_F(CredentialReloadTest, KeepsWhatItHasIfTheNewFileIsBad) {
  Open();
  Write("{");
  reload_->Look();
  reload_->Look();
  EXPECT_TRUE(Knows("FIRST"));
  EXPECT_THAT(reports_, ElementsAre(absl::StatusCode::kInvalidArgument));
  ASSERT_EQ(remove(options_.file.c_str()), 0);
  reload_->Look();
  EXPECT_TRUE(Knows("FIRST"));
  Write(Entry("OTHER"));
  reload_->Look();
  EXPECT_TRUE(Knows("OTHER"));
  EXPECT_THAT(reports_,
              ElementsAre(absl::StatusCode::kInvalidArgument,
                          absl::StatusCode::kNotFound, absl::StatusCode::kOk));
}

TEST_F(CredentialReloadTest, WhoeverHasTheOldOnesKeepsThem) {
  Open();
  const auto held = reload_->store().current();
  Write(Entry("OTHER"));
  reload_->Look();
  EXPECT_NE(held->Find("FIRST"), nullptr);
}

TEST_F(CredentialReloadTest, LooksByItself) {
  absl::Notification changed;
  auto reload = CredentialReload::Open(
      options_, [&](const absl::Status&) { changed.Notify(); });
  ASSERT_TRUE(reload.ok()) << reload.status();
  (*reload)->KeepLooking(absl::Milliseconds(1));
  Write(Entry("OTHER"));
  changed.WaitForNotification();
  EXPECT_NE((*reload)->store().current()->Find("OTHER"), nullptr);
}

TEST_F(CredentialReloadTest, ReadsAgainWhenToldTo) {
  absl::Notification told;
  auto reload =
      CredentialReload::Open(options_, [&](const absl::Status& status) {
        EXPECT_TRUE(status.ok()) << status;
        told.Notify();
      });
  ASSERT_TRUE(reload.ok()) << reload.status();
  (*reload)->KeepLooking(absl::Hours(1));
  (*reload)->ReadAgain();
  told.WaitForNotification();
}

}  // namespace
}  // namespace holdline
