// Every method of every service, with requests that are wrong in every way that
// the protocol tells of.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "gtest/gtest.h"
#include "server/rpc/raw_call.h"
#include "server/rpc/test_server.h"

namespace holdline {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::MethodDescriptor;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<const MethodDescriptor*> AllMethods() {
  std::vector<const MethodDescriptor*> methods;
  for (const auto* file :
       {v1::PollForTaskInput::descriptor()->file(),
        v1::NewTask::descriptor()->file(), v1::Group::descriptor()->file()}) {
    const google::protobuf::ServiceDescriptor* service = file->service(0);
    for (int i = 0; i < service->method_count(); ++i) {
      methods.push_back(service->method(i));
    }
  }
  return methods;
}

class ProtocolWalkTest
    : public testing::TestWithParam<const MethodDescriptor*> {
 protected:
  static void SetUpTestSuite() {
    server_ = new TestServer({.hold_max = absl::Milliseconds(1)});
  }
  static void TearDownTestSuite() { delete server_; }

  bool IsServed() const {
    const std::string& name = GetParam()->name();
    return GetParam()->service()->name() != "DataPipeline" ||
           name == "PollForTask" || name == "ReportTaskProgress" ||
           name == "SetTaskStatus" || name == "ReportTaskRunnerHeartbeat";
  }

  // Calls the method, and returns its outcome with checked error details.
  Outcome<std::string> Call(const std::string& request) {
    const RawOutcome raw =
        RawCall(server_->channel(),
                absl::StrCat("/", GetParam()->service()->full_name(), "/",
                             GetParam()->name()),
                request);
    return {raw.status, raw.response, ""};
  }

  static std::unique_ptr<Message> NewInput() {
    return std::unique_ptr<Message>(
        google::protobuf::MessageFactory::generated_factory()
            ->GetPrototype(GetParam()->input_type())
            ->New());
  }

  static TestServer* server_;
};

TestServer* ProtocolWalkTest::server_ = nullptr;

// Whether some field of the message must be present.
bool HasRequiredField(const google::protobuf::Descriptor* type) {
  for (int i = 0; i < type->field_count(); ++i) {
    const auto& limits = type->field(i)->options().GetExtension(v1::limits);
    if (limits.required() && !type->field(i)->is_repeated()) return true;
  }
  return false;
}

TEST_P(ProtocolWalkTest, AnEmptyRequestIsAnsweredOrRefusedByName) {
  const auto outcome = Call("");
  if (!IsServed()) {
    EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
    EXPECT_EQ(outcome.status.error_message(),
              absl::StrCat(GetParam()->name(), " is not served yet"));
    EXPECT_EQ(outcome.reason().reason(), "UnknownOperationException");
  } else if (HasRequiredField(GetParam()->input_type())) {
    EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_THAT(outcome.status.error_message(),
                HasSubstr("Member must not be null"));
    EXPECT_EQ(outcome.reason().reason(), "InvalidRequestException");
    EXPECT_EQ(outcome.reason().metadata().at("requestId").size(), 36u);
  }
}

TEST_P(ProtocolWalkTest, BytesThatAreNoMessageAreRefused) {
  if (!IsServed()) return;
  for (const std::string& bytes :
       {std::string("\xFF\xFF\xFF"), std::string("\x0A\x7F")}) {
    const auto outcome = Call(bytes);
    EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(outcome.reason().reason(), "InvalidRequestException");
  }
}

TEST_P(ProtocolWalkTest, AnOversizeStringIsRefusedByNameAndLimit) {
  if (!IsServed()) return;
  const google::protobuf::Descriptor* type = GetParam()->input_type();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const auto& limits = field->options().GetExtension(v1::limits);
    if (field->type() != FieldDescriptor::TYPE_STRING || !limits.has_max() ||
        field->is_repeated()) {
      continue;
    }
    const auto input = NewInput();
    // The fields before it must pass.
    for (int j = 0; j < i; ++j) {
      if (type->field(j)->type() == FieldDescriptor::TYPE_STRING) {
        input->GetReflection()->SetString(input.get(), type->field(j), "x");
      }
      if (type->field(j)->type() == FieldDescriptor::TYPE_ENUM &&
          !type->field(j)->is_repeated()) {
        input->GetReflection()->SetEnumValue(input.get(), type->field(j), 1);
      }
    }
    input->GetReflection()->SetString(input.get(), field,
                                      std::string(limits.max() + 1, 'Z'));
    const auto outcome = Call(input->SerializeAsString());
    EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_THAT(outcome.status.error_message(),
                HasSubstr(absl::StrCat(
                    "Value at '", field->json_name(),
                    "' failed to satisfy constraint: Member must have length "
                    "less than or equal to ",
                    limits.max())));
    EXPECT_THAT(outcome.status.error_message(), Not(HasSubstr("ZZ")));
  }
}

INSTANTIATE_TEST_SUITE_P(
    AllMethods, ProtocolWalkTest, testing::ValuesIn(AllMethods()),
    [](const testing::TestParamInfo<const MethodDescriptor*>& method) {
      return absl::StrCat(method.param->service()->name(), "_",
                          method.param->name());
    });

}  // namespace
}  // namespace holdline
