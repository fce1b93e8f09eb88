// The result of a batch of commands: rows to store and replies to publish.

#ifndef HOLDLINE_SERVER_BROKER_OUTPUT_H_
#define HOLDLINE_SERVER_BROKER_OUTPUT_H_

#include <vector>

#include "server/broker/batch.h"
#include "server/broker/reply.h"

namespace holdline {

struct Output {
  // Stored first.
  Batch batch;

  // Published after that, and only if the batch was stored.
  std::vector<BrokerReply> replies;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_OUTPUT_H_
