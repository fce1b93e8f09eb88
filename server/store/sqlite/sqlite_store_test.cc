#include "server/store/sqlite/sqlite_store.h"

#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "server/store/testing/store_conformance.h"
#include "server/store/testing/temporary_directory.h"

namespace holdline {
namespace {

class OpenSqliteStore : public OpenStore {
 public:
  OpenSqliteStore() { Reopen(); }

  Store& store() override { return *store_; }

  void Reopen() override {
    store_ = nullptr;
    auto opened = SqliteStore::Open(directory_.path());
    if (!opened.ok()) GTEST_FAIL() << opened.status();
    store_ = *std::move(opened);
  }

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<SqliteStore> store_;
};

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreConformance, testing::Values([] {
                           return std::make_unique<OpenSqliteStore>();
                         }));

}  // namespace
}  // namespace holdline
