// Redirection of gRPC's own log messages to our log.

#ifndef HOLDLINE_SERVER_LOG_GRPC_LOG_H_
#define HOLDLINE_SERVER_LOG_GRPC_LOG_H_

#include "server/log/log.h"

namespace holdline {

// As long as this lives, gRPC's own messages go to a log instead of standard
// error, where they would be lines of another form. REQUIRES: there is one at a
// time.
class GrpcLog {
 public:
  // The log is not owned and must outlive this.
  explicit GrpcLog(Log* log);

  ~GrpcLog();

  GrpcLog(const GrpcLog&) = delete;
  GrpcLog& operator=(const GrpcLog&) = delete;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_LOG_GRPC_LOG_H_
