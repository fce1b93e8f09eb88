// A store in memory, without durability: for tests, and for servers that need
// none.

#ifndef HOLDLINE_SERVER_STORE_MEMORY_MEMORY_STORE_H_
#define HOLDLINE_SERVER_STORE_MEMORY_MEMORY_STORE_H_

#include <memory>

#include "server/store/memory/memory_archive.h"
#include "server/store/memory/memory_diary.h"
#include "server/store/memory/memory_rows.h"
#include "server/store/store.h"

namespace holdline {

class MemoryStore : public Store {
 public:
  MemoryStore() = default;

  MemoryStore(const MemoryStore&) = delete;
  MemoryStore& operator=(const MemoryStore&) = delete;

  MemoryDiary& diary() override { return diary_; }
  std::unique_ptr<Archive> OpenArchive() override {
    return std::make_unique<MemoryArchive>(&rows_);
  }

 private:
  MemoryRows rows_;
  MemoryDiary diary_{&rows_};
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_MEMORY_MEMORY_STORE_H_
