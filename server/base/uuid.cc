#include "server/base/uuid.h"

#include "boost/uuid/name_generator_sha1.hpp"
#include "boost/uuid/random_generator.hpp"
#include "boost/uuid/string_generator.hpp"
#include "boost/uuid/uuid_io.hpp"

namespace holdline {

std::string RandomUuid() {
  thread_local boost::uuids::random_generator_mt19937 generator;
  return boost::uuids::to_string(generator());
}

std::string NamedUuid(const char* name_space, const std::string& name) {
  const boost::uuids::name_generator_sha1 generator(
      boost::uuids::string_generator()(name_space));
  return boost::uuids::to_string(generator(name));
}

}  // namespace holdline
