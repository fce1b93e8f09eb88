// The services of the protocol, as Client calls them.
//
//   client.Call(&TaskQueue::SubmitTasks, request);

#ifndef HOLDLINE_CLIENT_SERVICES_H_
#define HOLDLINE_CLIENT_SERVICES_H_

#include "holdline/v1/data_pipeline.grpc.pb.h"
#include "holdline/v1/operator.grpc.pb.h"
#include "holdline/v1/task_queue.grpc.pb.h"

namespace holdline::client {

// The calls of each service that end with a callback. Those that block read
// from their connection only while one of them is under way: between two, that
// the server has gone, or come back, is noticed up to five seconds late. For
// these gRPC has threads, which read all connections all the time.
using DataPipeline = v1::DataPipeline::StubInterface::async_interface;
using Operator = v1::Operator::StubInterface::async_interface;
using TaskQueue = v1::TaskQueue::StubInterface::async_interface;

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_SERVICES_H_
