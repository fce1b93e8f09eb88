// Every method of every service, with requests that are wrong in every way that
// the protocol tells of.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "gtest/gtest.h"
#include "server/rpc/testing/all_methods.h"
#include "server/rpc/testing/raw_call.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::MethodDescriptor;
using ::testing::AllOf;
using ::testing::HasSubstr;

class ProtocolWalkTest
    : public testing::TestWithParam<const MethodDescriptor*> {
 protected:
  static void SetUpTestSuite() {
    server_ = new TestServer({.hold_max = absl::Milliseconds(1)});
  }
  static void TearDownTestSuite() { delete server_; }

  // Calls the method, and returns its outcome with checked error details.
  Outcome<std::string> Call(const std::string& request) {
    const RawOutcome raw =
        RawCall(server_->channel(), PathOf(GetParam()), request);
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

// A field somewhere in an input, by the fields that lead to it.
using Place = std::vector<const FieldDescriptor*>;

// All fields of a message and of those in it, but for what is in maps.
void AddPlaces(const google::protobuf::Descriptor* type, const Place& above,
               std::vector<Place>* places) {
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    Place place = above;
    place.push_back(field);
    places->push_back(place);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
        !field->is_map()) {
      AddPlaces(field->message_type(), place, places);
    }
  }
}

// As errors name it, such as `query.selectors[0].fieldName`.
std::string PathOf(const Place& place, bool as_list) {
  std::string path;
  for (const FieldDescriptor* field : place) {
    if (!path.empty()) path += ".";
    path += field->json_name();
    if (field->is_repeated() && !(as_list && field == place.back())) {
      path += "[0]";
    }
  }
  return path;
}

// Makes the fields of `message` pass that come before `field`.
void FillBefore(const FieldDescriptor* field, Message* message) {
  const google::protobuf::Descriptor* type = message->GetDescriptor();
  for (int i = 0; i < field->index(); ++i) {
    const FieldDescriptor* before = type->field(i);
    if (before->is_repeated()) continue;
    if (before->type() == FieldDescriptor::TYPE_STRING) {
      message->GetReflection()->SetString(message, before, "x");
    } else if (before->type() == FieldDescriptor::TYPE_ENUM) {
      message->GetReflection()->SetEnumValue(message, before, 1);
    }
  }
}

// Returns the message in `input` that has the field, where all before it pass.
Message* Reach(const Place& place, Message* input) {
  Message* message = input;
  for (const FieldDescriptor* field : place) {
    FillBefore(field, message);
    if (field == place.back()) break;
    message = field->is_repeated()
                  ? message->GetReflection()->AddMessage(message, field)
                  : message->GetReflection()->MutableMessage(message, field);
  }
  return message;
}

void AddString(const FieldDescriptor* field, const std::string& text,
               Message* message) {
  if (field->is_repeated()) {
    message->GetReflection()->AddString(message, field, text);
  } else {
    message->GetReflection()->SetString(message, field, text);
  }
}

TEST_P(ProtocolWalkTest, AnEmptyRequestIsAnsweredOrRefusedByName) {
  const auto outcome = Call("");
  if (HasRequiredField(GetParam()->input_type())) {
    EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_THAT(outcome.status.error_message(),
                HasSubstr("Member must not be null"));
    EXPECT_EQ(outcome.reason().reason(), "InvalidRequestException");
    EXPECT_EQ(outcome.reason().metadata().at("requestId").size(), 36u);
  }
}

TEST_P(ProtocolWalkTest, BytesThatAreNoMessageAreRefused) {
  for (const std::string& bytes :
       {std::string("\xFF\xFF\xFF"), std::string("\x0A\x7F")}) {
    const auto outcome = Call(bytes);
    EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(outcome.reason().reason(), "InvalidRequestException");
  }
}

TEST_P(ProtocolWalkTest, AnOversizeStringIsRefusedByNameAndLimit) {
  std::vector<Place> places;
  AddPlaces(GetParam()->input_type(), {}, &places);
  for (const Place& place : places) {
    const FieldDescriptor* field = place.back();
    const auto& limits = field->options().GetExtension(v1::limits);
    if (field->type() != FieldDescriptor::TYPE_STRING || !limits.has_max()) {
      continue;
    }
    const auto input = NewInput();
    AddString(field, std::string(limits.max() + 1, 'Z'),
              Reach(place, input.get()));
    const auto outcome = Call(input->SerializeAsString());
    EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(outcome.status.error_message(),
              absl::StrCat("1 validation error detected: Value at '",
                           PathOf(place, /*as_list=*/false),
                           "' failed to satisfy constraint: Member must have "
                           "length less than or equal to ",
                           limits.max()));
  }
}

TEST_P(ProtocolWalkTest, AListThatIsTooLongIsRefusedByNameAndLimit) {
  std::vector<Place> places;
  AddPlaces(GetParam()->input_type(), {}, &places);
  for (const Place& place : places) {
    const FieldDescriptor* field = place.back();
    const auto& limits = field->options().GetExtension(v1::limits);
    if (!limits.has_items_max()) continue;
    const auto input = NewInput();
    Message* const message = Reach(place, input.get());
    for (int i = 0; i <= limits.items_max(); ++i) {
      if (field->type() == FieldDescriptor::TYPE_STRING) {
        AddString(field, "x", message);
      } else if (field->type() == FieldDescriptor::TYPE_ENUM) {
        message->GetReflection()->AddEnumValue(message, field, 1);
      } else {
        Message* const element =
            message->GetReflection()->AddMessage(message, field);
        // Entries of one key are one.
        if (field->is_map()) {
          element->GetReflection()->SetString(
              element, field->message_type()->map_key(), absl::StrCat("k", i));
        }
      }
    }
    const auto outcome = Call(input->SerializeAsString());
    EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_THAT(outcome.status.error_message(),
                AllOf(HasSubstr(absl::StrCat(
                          "'", PathOf(place, /*as_list=*/true), "'")),
                      HasSubstr(absl::StrCat("less than or equal to ",
                                             limits.items_max()))));
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
