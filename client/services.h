// The services of the protocol, as Client calls them.
//
//   client.Call(&TaskQueue::SubmitTasks, request);

#ifndef HOLDLINE_CLIENT_SERVICES_H_
#define HOLDLINE_CLIENT_SERVICES_H_

#include "holdline/v1/data_pipeline.grpc.pb.h"
#include "holdline/v1/operator.grpc.pb.h"
#include "holdline/v1/task_queue.grpc.pb.h"

namespace holdline::client {

// The asynchronous calls of each service, with callbacks. Blocking calls read
// from their connection only while one is under way, and notice up to five
// seconds late that the server has gone or is back between two of them. For
// asynchronous calls gRPC has threads, which read all connections all the time.
using DataPipeline = v1::DataPipeline::StubInterface::async_interface;
using Operator = v1::Operator::StubInterface::async_interface;
using TaskQueue = v1::TaskQueue::StubInterface::async_interface;

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_SERVICES_H_
