// The ids that QueryObjects answers, a page at a time (DATAPIPELINE section
// 3.11).

#ifndef HOLDLINE_SERVER_QUERIES_OBJECT_PAGES_H_
#define HOLDLINE_SERVER_QUERIES_OBJECT_PAGES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/queries/object_query.h"
#include "server/queries/pipeline_reader.h"

namespace holdline {

struct ObjectIdPage {
  std::vector<std::string> ids;

  // With what to ask for the next page; empty on the last one.
  std::string marker;
};

// Returns the page of at most `limit` ids, at least 1, that comes after
// `marker`, which is empty for the first one. Components are in the order of
// the definition, which is the one that was saved last when the first page was
// read; instances rise by @scheduledStartTime and id, attempts by these and
// number.
//
// A page may be short, and empty, because the work for it is bounded: only one
// without a marker is the last.
//
// INVALID_ARGUMENT: the marker is none, or of a definition that is gone. Also
// errors of the store.
absl::StatusOr<ObjectIdPage> ReadObjectIds(PipelineReader* pipeline,
                                           const ObjectQuery& query,
                                           const std::string& marker,
                                           int limit);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_OBJECT_PAGES_H_
