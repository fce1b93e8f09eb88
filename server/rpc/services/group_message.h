// The conversion of worker groups to messages of the protocol.

#ifndef HOLDLINE_SERVER_RPC_SERVICES_GROUP_MESSAGE_H_
#define HOLDLINE_SERVER_RPC_SERVICES_GROUP_MESSAGE_H_

#include "holdline/v1/operator.pb.h"
#include "server/broker/reply.h"

namespace holdline {

// Sets all fields of a new message.
void FillGroup(const GroupView& view, v1::Group* group);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_SERVICES_GROUP_MESSAGE_H_
