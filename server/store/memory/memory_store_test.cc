#include "server/store/memory/memory_store.h"

#include <memory>

#include "gtest/gtest.h"
#include "server/store/testing/store_conformance.h"

namespace holdline {
namespace {

// A memory store lives no longer than the process, so a restart of the rest of
// the server is all that can be tried.
class OpenMemoryStore : public OpenStore {
 public:
  Store& store() override { return store_; }
  void Reopen() override {}

 private:
  MemoryStore store_;
};

INSTANTIATE_TEST_SUITE_P(Memory, StoreConformance, testing::Values([] {
                           return std::make_unique<OpenMemoryStore>();
                         }));

}  // namespace
}  // namespace holdline
