#include "server/base/uuid.h"

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::Each;
using ::testing::MatchesRegex;
using ::testing::SizeIs;

TEST(RandomUuidTest, IsOfVersionFourAndNeverTheSame) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(RandomUuid());
  EXPECT_THAT(ids, SizeIs(1000));
  EXPECT_THAT(ids, Each(MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-"
                                     "[89ab][0-9a-f]{3}-[0-9a-f]{12}")));
}

TEST(RandomUuidTest, IsNotThatOfAnotherThread) {
  std::vector<std::string> ids(4);
  std::vector<std::thread> threads;
  for (std::string& id : ids)
    threads.emplace_back([&id] { id = RandomUuid(); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(std::set<std::string>(ids.begin(), ids.end()), SizeIs(4));
}

// RFC 9562, appendix A.4: `www.example.com` in the name space of DNS.
TEST(NamedUuidTest, IsThatOfTheStandardsExample) {
  EXPECT_EQ(
      NamedUuid("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com"),
      "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

}  // namespace
}  // namespace holdline
