#include "server/rpc/call/method_table.h"

#include <utility>

#include "gtest/gtest.h"
#include "holdline/v1/operator.pb.h"

namespace holdline {
namespace {

const google::protobuf::ServiceDescriptor* Operator() {
  return v1::Group::descriptor()->file()->FindServiceByName("Operator");
}

// A handler for each method, of its kind, that does nothing.
MethodTable::Handlers AllHandlers() {
  MethodTable::Handlers handlers;
  for (int i = 0; i < Operator()->method_count(); ++i) {
    const auto* method = Operator()->method(i);
    handlers[method->name()] = {method->server_streaming(),
                                [](const auto&, CallBase*) {}};
  }
  return handlers;
}

TEST(MethodTableTest, TakesAHandlerOfItsKindForEachMethod) {
  MethodTable table(Operator(), AllHandlers(), {});
}

TEST(MethodTableDeathTest, AStreamIsNotServedAsAUnaryCall) {
  MethodTable::Handlers handlers = AllHandlers();
  handlers["WatchGroups"].is_stream = false;
  EXPECT_DEATH(MethodTable(Operator(), std::move(handlers), {}),
               "Operator.WatchGroups has no handler of its kind");
}

TEST(MethodTableDeathTest, AUnaryCallIsNotServedAsAStream) {
  MethodTable::Handlers handlers = AllHandlers();
  handlers["ListGroups"].is_stream = true;
  EXPECT_DEATH(MethodTable(Operator(), std::move(handlers), {}),
               "Operator.ListGroups has no handler of its kind");
}

TEST(MethodTableDeathTest, NoMethodIsLeftOut) {
  MethodTable::Handlers handlers = AllHandlers();
  handlers.erase("GetGroup");
  EXPECT_DEATH(MethodTable(Operator(), std::move(handlers), {}),
               "Operator.GetGroup has no handler of its kind");
}

}  // namespace
}  // namespace holdline
