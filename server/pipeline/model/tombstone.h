// The row that is left of a deleted pipeline.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_TOMBSTONE_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_TOMBSTONE_H_

#include "server/pipeline/model/record.h"

namespace holdline {

// The record of a deleted pipeline, with its number, id and account only.
inline PipelineRecord Tombstone(const PipelineRecord& record) {
  PipelineRecord left;
  left.number = record.number;
  left.id = record.id;
  left.account = record.account;
  left.state = PipelineState::kDeleted;
  return left;
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_TOMBSTONE_H_
