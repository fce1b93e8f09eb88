#include "server/rpc/connections/known_addresses_file.h"

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

std::string NewPath(const std::string& name) {
  return absl::StrCat(testing::TempDir(), "/", name);
}

TEST(KnownAddressesFileTest, WhatWasWrittenIsRead) {
  const std::string path = NewPath("written");
  ASSERT_TRUE(WriteKnownAddresses(path, {{"10.0.0.1", 3}}).ok());
  ASSERT_TRUE(
      WriteKnownAddresses(path, {{"127.0.0.1", 100}, {"2001:db8::/64", 1}})
          .ok());
  EXPECT_THAT(
      ReadKnownAddresses(path),
      UnorderedElementsAre(Pair("127.0.0.1", 100), Pair("2001:db8::/64", 1)));
}

TEST(KnownAddressesFileTest, WithoutAFileNothingIsKnown) {
  EXPECT_THAT(ReadKnownAddresses(NewPath("none")), IsEmpty());
}

TEST(KnownAddressesFileTest, LinesThatMakeNoSenseArePassedOver) {
  const std::string path = NewPath("damaged");
  ASSERT_TRUE(WriteKnownAddresses(path, {}).ok());
  std::ofstream(path) << "\n0 a\n-1 b\n99999999999 c\nmany d\n4\n5 \n2 e";
  EXPECT_THAT(ReadKnownAddresses(path), UnorderedElementsAre(Pair("e", 2)));
}

TEST(KnownAddressesFileTest, AFileThatCannotBeWrittenIsNamed) {
  const absl::Status status = WriteKnownAddresses("/no/such/folder", {});
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("/no/such/folder"));
}

}  // namespace
}  // namespace holdline
