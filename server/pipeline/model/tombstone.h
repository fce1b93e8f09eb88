// The tombstone: the record that stays of a deleted pipeline.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_TOMBSTONE_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_TOMBSTONE_H_

#include "server/pipeline/model/record.h"

namespace holdline {

// Returns the record with its number, id and account only.
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
