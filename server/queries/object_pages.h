// The ids that QueryObjects returns, a page at a time (DATAPIPELINE section
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

  // The marker of the next page; empty on the last one.
  std::string marker;
};

// Returns the page of at most `limit` ids, at least 1, after `marker`, which is
// empty for the first. Components are in the order of the definition that was
// saved last when the first page was read; instances are sorted by
// @scheduledStartTime and id, attempts also by number.
//
// A page may be short or empty, because its work is bounded: only a page
// without a marker is the last.
//
// INVALID_ARGUMENT: the marker is invalid, or of a definition that is no longer
// stored. Also errors of the store.
absl::StatusOr<ObjectIdPage> ReadObjectIds(PipelineReader* pipeline,
                                           const ObjectQuery& query,
                                           const std::string& marker,
                                           int limit);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_OBJECT_PAGES_H_
