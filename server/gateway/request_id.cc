#include "server/gateway/request_id.h"

#include "boost/uuid/random_generator.hpp"
#include "boost/uuid/uuid_io.hpp"

namespace holdline {

std::string MakeGatewayRequestId() {
  // Seeded by the system once a thread.
  thread_local boost::uuids::random_generator_mt19937 generator;
  return boost::uuids::to_string(generator());
}

}  // namespace holdline
