#include "server/rpc/caller.h"

namespace holdline {
namespace {

constexpr char kLocalAccount[] = "000000000000";

}  // namespace

AccountId CallerOf(const grpc::CallbackServerContext&) {
  return AccountId{kLocalAccount};
}

}  // namespace holdline
