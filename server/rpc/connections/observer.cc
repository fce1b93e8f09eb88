#include "server/rpc/connections/observer.h"

namespace holdline {

const char* ToString(RefusedConnection::Reason reason) {
  switch (reason) {
    case RefusedConnection::Reason::kTooMany:
      return "too_many";
    case RefusedConnection::Reason::kTooManyOfAddress:
      return "too_many_of_address";
    case RefusedConnection::Reason::kSilent:
      return "silent";
    case RefusedConnection::Reason::kUnauthenticated:
      return "unauthenticated";
    case RefusedConnection::Reason::kTooManyCalls:
      return "too_many_calls";
  }
  return "";
}

}  // namespace holdline
