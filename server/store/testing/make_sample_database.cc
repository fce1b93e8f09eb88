// Makes a database that holds SampleBatch and SamplePipelineBatch:
//
//   make_sample_database DIRECTORY

#include <iostream>

#include "server/store/sqlite/sqlite_store.h"
#include "server/store/testing/pipeline_samples.h"
#include "server/store/testing/store_samples.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: make_sample_database DIRECTORY\n";
    return 2;
  }
  auto store = holdline::SqliteStore::Open(argv[1]);
  absl::Status status = store.status();
  if (status.ok())
    status = (*store)->diary().Commit(holdline::SampleBatch(),
                                      holdline::SamplePipelineBatch());
  if (!status.ok()) std::cerr << status << "\n";
  return status.ok() ? 0 : 1;
}
