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
    case RefusedConnection::Reason::kUnknown:
      return "unknown";
    case RefusedConnection::Reason::kVoidCalls:
      return "void_calls";
  }
  return "";
}

}  // namespace holdline
