// JSON to protobuf and back.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/empty.pb.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "holdline/v1/contract.pb.h"
#include "holdline/v1/data_pipeline.pb.h"
#include "holdline/v1/task_queue.pb.h"
#include "server/gateway/json_reader.h"
#include "server/gateway/json_writer.h"

namespace holdline {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::testing::HasSubstr;

// What reading `text` comes to: the message in text format, or the error's
// name.
template <typename T>
std::string Reading(const std::string& text) {
  T message;
  if (const auto error = ReadJson(text, &message)) return error->name;
  return message.ShortDebugString();
}

TEST(JsonReaderTest, ReadsMembersByTheirAwsNames) {
  EXPECT_EQ(Reading<v1::PollForTaskInput>(
                R"({"workerGroup": "wg", "hostname": "example.com",
                    "instanceIdentity": {"document": "d"}})"),
            "worker_group: \"wg\" hostname: \"example.com\" "
            "instance_identity { document: \"d\" }");
}

TEST(JsonReaderTest, AnEmptyBodyIsAnEmptyObject) {
  EXPECT_EQ(Reading<v1::ListPipelinesInput>(""), "");
  EXPECT_EQ(Reading<v1::ListPipelinesInput>("{}"), "");
}

TEST(JsonReaderTest, UnknownMembersAreIgnoredAndNullIsAbsent) {
  EXPECT_EQ(Reading<v1::PollForTaskInput>(
                R"({"futureMember": [1, {"x": null}], "worker_group": "no",
                    "hostname": null, "workerGroup": "wg"})"),
            "worker_group: \"wg\"");
}

TEST(JsonReaderTest, OfAMemberThatIsThereTwiceTheLastOneCounts) {
  EXPECT_EQ(Reading<v1::PollForTaskInput>(
                R"({"workerGroup": "a", "workerGroup": "b"})"),
            "worker_group: \"b\"");
}

TEST(JsonReaderTest, ReadsNoMoreValuesThanItIsAllowed) {
  const auto error = [](int64_t values_max, const std::string& text) {
    v1::SubmitTasksRequest request;
    const auto found = ReadJson(text, &request, values_max);
    return found.has_value() ? found->name + ": " + found->message : "";
  };
  // The object itself, the list, two tasks and a text.
  const std::string five = R"({"tasks": [{}, {"type": "t"}]})";
  EXPECT_EQ(error(5, five), "");
  EXPECT_EQ(error(4, five),
            "InvalidRequestException: The body must have at most 4 values: "
            "each member is one, and each element of a list.");
  // What is ignored counts, and what is wrong further on is not looked at.
  const std::string ignored = R"({"x": [1, {"y": null}], "tasks": ["wrong"]})";
  EXPECT_THAT(error(4, ignored), HasSubstr("at most 4 values"));
  EXPECT_THAT(error(50, ignored), HasSubstr("SerializationException"));
}

TEST(JsonReaderTest, ReadsTextInAnyLanguage) {
  v1::PollForTaskInput input;
  EXPECT_FALSE(
      ReadJson("{\"workerGroup\": \"\\ud83d\\ude00 \\u00e4 ä\"}", &input)
          .has_value());
  EXPECT_EQ(input.worker_group(), "😀 ä ä");
}

TEST(JsonReaderTest, WhatIsNoJsonObjectIsASerializationError) {
  for (const std::string body : {"{",
                                 "[]",
                                 "\"text\"",
                                 "null",
                                 "{\"workerGroup\": }",
                                 "{} x",
                                 "{\"workerGroup\": \"\\ud83d\"}",
                                 "{\"workerGroup\": \"\xff\"}",
                                 "{\"workerGroup\": \"\\udc00\"}",
                                 "{\"workerGroup\": \"\xc0\xaf\"}",
                                 "{\"workerGroup\": \"\xed\xa0\x80\"}",
                                 "{\"\xff\": 1}",
                                 "{\"x\": [\"\xff\"]}",
                                 "{\"workerGroup\": \"a\nb\"}",
                                 "{\"workerGroup\": \"wg\",}",
                                 "{\"limit\": 01}",
                                 "{/**/}",
                                 "{'workerGroup': 'wg'}",
                                 "{\"workerGroup\": 1e999}",
                                 "NaN",
                                 " "}) {
    EXPECT_EQ(Reading<v1::PollForTaskInput>(body), "SerializationException")
        << body;
  }
}

TEST(JsonReaderTest, NestingHasALimit) {
  const auto nested = [](int depth) {
    return absl::StrCat("{\"x\": ", std::string(depth, '['),
                        std::string(depth, ']'), "}");
  };
  EXPECT_EQ(Reading<v1::PollForTaskInput>(nested(20)), "");
  EXPECT_EQ(Reading<v1::PollForTaskInput>(nested(100)),
            "SerializationException");
  EXPECT_EQ(Reading<v1::PollForTaskInput>(nested(1000000)),
            "SerializationException");
}

TEST(JsonReaderTest, AWrongTypeIsASerializationErrorThatNamesTheMember) {
  v1::QueryObjectsInput input;
  const auto error = ReadJson(
      R"({"query": {"selectors": [{"fieldName": "a"}, {"fieldName": 7}]}})",
      &input);
  EXPECT_EQ(error->name, "SerializationException");
  EXPECT_THAT(error->message, HasSubstr("'query.selectors[1].fieldName'"));
  for (const std::string body :
       {R"({"limit": "10"})", R"({"limit": 1.5})", R"({"limit": 3000000000})",
        R"({"limit": true})", R"({"query": "text"})",
        R"({"query": {"selectors": {}}})",
        R"({"query": {"selectors": [null]}})"}) {
    EXPECT_EQ(Reading<v1::QueryObjectsInput>(body), "SerializationException")
        << body;
  }
  EXPECT_EQ(Reading<v1::DeactivatePipelineInput>(R"({"cancelActive": "true"})"),
            "SerializationException");
}

TEST(JsonReaderTest, AWholeNumberMayBeWrittenWithAPoint) {
  EXPECT_EQ(Reading<v1::QueryObjectsInput>(R"({"limit": 10.0})"), "limit: 10");
}

TEST(JsonReaderTest, NumbersThatAreTooLargeAreSerializationErrors) {
  for (const char* number :
       {"2147483648", "-2147483649", "9223372036854775808",
        "123456789012345678901234567890", "1e30", "-1e30", "1e-3"}) {
    EXPECT_EQ(Reading<v1::QueryObjectsInput>(
                  absl::StrCat("{\"limit\":", number, "}")),
              "SerializationException")
        << number;
  }
  EXPECT_EQ(Reading<v1::QueryObjectsInput>(R"({"limit": -2147483648})"),
            "limit: -2147483648");
}

TEST(JsonReaderTest, ReadsEveryKindOfNumberAlsoInLists) {
  EXPECT_EQ(Reading<google::protobuf::UninterpretedOption>(
                R"({"positiveIntValue": 18446744073709551615,
                    "negativeIntValue": -9223372036854775808,
                    "doubleValue": 1, "stringValue": "aGk="})"),
            "positive_int_value: 18446744073709551615 "
            "negative_int_value: -9223372036854775808 "
            "double_value: 1 string_value: \"hi\"");
  EXPECT_EQ(Reading<google::protobuf::UninterpretedOption>(
                R"({"positiveIntValue": 18446744073709551616})"),
            "SerializationException");
  EXPECT_EQ(Reading<google::protobuf::FileDescriptorProto>(
                R"({"publicDependency": [1, 2.0]})"),
            "public_dependency: 1 public_dependency: 2");
}

TEST(JsonReaderTest, AMemberThatIsThereTwiceMayEndAsAbsentOrEmpty) {
  EXPECT_EQ(Reading<v1::PollForTaskInput>(
                R"({"hostname": "a", "workerGroup": "b", "hostname": null})"),
            "worker_group: \"b\"");
  EXPECT_EQ(Reading<v1::ReportTaskProgressInput>(
                R"({"fields": [{"key": "a"}], "fields": []})"),
            "");
  EXPECT_EQ(Reading<v1::PutPipelineDefinitionInput>(
                R"({"pipelineObjects": [], "pipelineObjects": null})"),
            "InvalidRequestException");
}

TEST(JsonReaderTest, WrongTypesAreToldBeforeValuesThatAreNotAllowed) {
  EXPECT_EQ(
      Reading<v1::SetTaskStatusInput>(R"({"taskStatus": "DONE", "taskId": 7})"),
      "SerializationException");
  EXPECT_EQ(Reading<v1::SetTaskStatusInput>(R"({"taskStatus": "DONE", )"),
            "SerializationException");
  v1::NewTask task;
  const auto error = ReadJson(
      R"({"taskObject": {"objects": {"A": {}}}, "fields": {}})", &task);
  EXPECT_EQ(error->message, "'fields' must be a list.");
}

TEST(JsonReaderTest, NamesTheListThatIsMissing) {
  v1::SubmitTasksRequest request;
  const auto error = ReadJson(
      R"({"tasks": [{}, {"taskObject": {"objects": {"A": {"id": "A"}}}}]})",
      &request);
  EXPECT_EQ(error->message,
            "1 validation error detected: Value at "
            "'tasks[1].taskObject.objects[*].fields' failed to satisfy "
            "constraint: Member must not be null");
}

TEST(JsonReaderTest, TextsAndNamesMayBeLongAndFullOfEscapes) {
  std::string escaped;
  std::string plain;
  for (int i = 0; i < 20000; ++i) {
    escaped += "\\n\\u00e4";
    plain += "\n\u00e4";
  }
  v1::PollForTaskInput input;
  const auto error =
      ReadJson(absl::StrCat("{\"", escaped, "\": \"", escaped,
                            "\", \"worker\\u0047roup\": \"", escaped, "\"}"),
               &input);
  ASSERT_FALSE(error.has_value()) << error->message;
  EXPECT_EQ(input.worker_group(), plain);
}

TEST(JsonReaderTest, ATimeIsANumberOfSecondsOrAnIsoTime) {
  using Input = v1::ActivatePipelineInput;
  EXPECT_EQ(Reading<Input>(R"({"startTimestamp": 1355363450})"),
            "start_timestamp { seconds: 1355363450 }");
  EXPECT_EQ(Reading<Input>(R"({"startTimestamp": 1355363450.5})"),
            "start_timestamp { seconds: 1355363450 nanos: 500000000 }");
  for (const char* time : {"2012-12-13T01:50:50Z", "2012-12-13T01:50:50",
                           "2012-12-13T03:20:50+01:30"}) {
    EXPECT_EQ(
        Reading<Input>(absl::StrCat("{\"startTimestamp\": \"", time, "\"}")),
        "start_timestamp { seconds: 1355363450 }")
        << time;
  }
  EXPECT_EQ(Reading<Input>(R"({"startTimestamp": "2012-12-13"})"),
            "start_timestamp { seconds: 1355356800 }");
  for (const char* wrong :
       {"true", "\"soon\"", "1e300", "[]", "{}", "\"infinite-future\""}) {
    EXPECT_EQ(Reading<Input>(absl::StrCat("{\"startTimestamp\": ", wrong, "}")),
              "SerializationException")
        << wrong;
  }
}

TEST(JsonReaderTest, ANumberIsTheNearestToItsText) {
  v1::ActivatePipelineInput input;
  ASSERT_FALSE(
      ReadJson(R"({"startTimestamp": 12222222222222.22222224})", &input));
  const std::string written = WriteJson(input);
  ASSERT_FALSE(ReadJson(written, &input));
  EXPECT_EQ(WriteJson(input), written);
}

TEST(JsonReaderTest, ALengthOfTimeIsTextOrANumberOfSeconds) {
  EXPECT_EQ(Reading<v1::NewTask>(
                R"({"acknowledgeTimeout": "1.5s", "attemptTimeout": 60})"),
            "acknowledge_timeout { seconds: 1 nanos: 500000000 } "
            "attempt_timeout { seconds: 60 }");
  EXPECT_EQ(Reading<v1::NewTask>(R"({"attemptTimeout": "inf"})"),
            "SerializationException");
}

TEST(JsonReaderTest, AnEnumerationTakesItsNamesOnly) {
  using Input = v1::SetTaskStatusInput;
  EXPECT_EQ(Reading<Input>(R"({"taskStatus": "FINISHED"})"),
            "task_status: FINISHED");
  EXPECT_EQ(Reading<Input>(R"({"taskStatus": 1})"), "SerializationException");
  Input input;
  const auto error = ReadJson(R"({"taskStatus": "UNSPECIFIED"})", &input);
  EXPECT_EQ(error->name, "InvalidRequestException");
  EXPECT_EQ(error->message,
            "1 validation error detected: Value at 'taskStatus' failed to "
            "satisfy constraint: Member must satisfy enum value set: "
            "[FINISHED, FAILED, FALSE]");
}

TEST(JsonReaderTest, ARequiredListMustBeThereButMayBeEmpty) {
  using Input = v1::PutPipelineDefinitionInput;
  EXPECT_EQ(Reading<Input>(R"({"pipelineId": "df-1"})"),
            "InvalidRequestException");
  EXPECT_EQ(
      Reading<Input>(R"({"pipelineId": "df-1", "pipelineObjects": null})"),
      "InvalidRequestException");
  EXPECT_EQ(Reading<Input>(R"({"pipelineId": "df-1", "pipelineObjects": []})"),
            "pipeline_id: \"df-1\"");
}

TEST(JsonReaderTest, ReadsMaps) {
  EXPECT_EQ(
      Reading<v1::NewTask>(
          R"({"taskObject": {"objects": {"A": {"id": "A", "fields": []}}}})"),
      "task_object { objects { key: \"A\" value { id: \"A\" } } }");
  EXPECT_EQ(Reading<v1::NewTask>(R"({"taskObject": {"objects": {"A": null}}})"),
            "SerializationException");
}

template <typename T>
std::string Writing(const std::string& text) {
  T message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return WriteJson(message);
}

TEST(JsonWriterTest, ListsAreAlwaysThereAndOtherMembersWhenSet) {
  EXPECT_EQ(Writing<v1::PollForTaskOutput>(""), "{}");
  EXPECT_EQ(Writing<v1::ReportTaskProgressOutput>("canceled: false"),
            R"({"canceled":false})");
  EXPECT_EQ(Writing<v1::PutPipelineDefinitionOutput>("errored: false"),
            R"({"errored":false,"validationErrors":[],)"
            R"("validationWarnings":[]})");
}

TEST(JsonWriterTest, WhatAwsClientsDoNotKnowIsNotWritten) {
  v1::SetTaskStatusOutput output;
  output.set_canceled(true);
  EXPECT_EQ(WriteJson(output), "{}");
}

TEST(JsonWriterTest, MembersAndMapEntriesAreInTheOrderOfTheirNames) {
  EXPECT_EQ(Writing<v1::PollForTaskOutput>(
                R"(task_object { task_id: "t" pipeline_id: "p" attempt_id: "a"
             objects { key: "b" value { id: "b" name: "n" } }
             objects { key: "a" value { id: "a" fields { key: "k"
                                        ref_value: "r" } } } })"),
            R"({"taskObject":{"attemptId":"a","objects":{)"
            R"("a":{"fields":[{"key":"k","refValue":"r"}],"id":"a"},)"
            R"("b":{"fields":[],"id":"b","name":"n"}},)"
            R"("pipelineId":"p","taskId":"t"}})");
}

TEST(JsonWriterTest, TimesAreNumbersAndLengthsOfTimeAreText) {
  EXPECT_EQ(Writing<v1::Attempt>("start_time { seconds: 1355363450 }"),
            R"({"startTime":1355363450})");
  EXPECT_EQ(Writing<v1::RetryPolicy>("delay { seconds: 1 nanos: 500000000 }"),
            R"({"delay":"1.500s"})");
}

TEST(JsonWriterTest, NoAnswerIsNoText) {
  EXPECT_EQ(WriteJson(google::protobuf::Empty()), "");
}

// Fills every field of a message, lists with two values.
void Fill(Message* message) {
  if (auto* time = dynamic_cast<google::protobuf::Timestamp*>(message)) {
    time->set_seconds(1355363450);
    time->set_nanos(500000000);
    return;
  }
  if (auto* length = dynamic_cast<google::protobuf::Duration*>(message)) {
    length->set_seconds(90);
    length->set_nanos(250000000);
    return;
  }
  const auto* reflection = message->GetReflection();
  const Descriptor* type = message->GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const std::string text = absl::StrCat(field->name(), " \"\n😀");
    for (int n = 0; n < (field->is_repeated() ? 2 : 1); ++n) {
      const bool add = field->is_repeated();
      switch (field->cpp_type()) {
        case FieldDescriptor::CPPTYPE_STRING:
          add ? reflection->AddString(message, field, absl::StrCat(text, n))
              : reflection->SetString(message, field, text);
          break;
        case FieldDescriptor::CPPTYPE_MESSAGE: {
          Message* child = add ? reflection->AddMessage(message, field)
                               : reflection->MutableMessage(message, field);
          Fill(child);
          if (field->is_map()) {
            child->GetReflection()->SetString(
                child, field->message_type()->map_key(), absl::StrCat("k", n));
          }
          break;
        }
        case FieldDescriptor::CPPTYPE_ENUM:
          add ? reflection->AddEnumValue(message, field, n + 1)
              : reflection->SetEnumValue(message, field, 1);
          break;
        case FieldDescriptor::CPPTYPE_BOOL:
          reflection->SetBool(message, field, true);
          break;
        case FieldDescriptor::CPPTYPE_DOUBLE:
          reflection->SetDouble(message, field, 1.25);
          break;
        case FieldDescriptor::CPPTYPE_INT64:
          reflection->SetInt64(message, field, 5000000000);
          break;
        default:
          reflection->SetInt32(message, field, 7);
      }
    }
  }
}

// AWS clients are not told them.
void ClearFieldsOfOurs(Message* message) {
  for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message->GetDescriptor()->field(i);
    if (field->options().GetExtension(v1::ours)) {
      message->GetReflection()->ClearField(message, field);
    }
  }
}

TEST(JsonTest, EveryMessageOfEveryMethodComesBackAsItWent) {
  int messages = 0;
  for (const auto* file : {v1::PollForTaskInput::descriptor()->file(),
                           v1::NewTask::descriptor()->file()}) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      const auto* prototype =
          google::protobuf::MessageFactory::generated_factory()->GetPrototype(
              file->message_type(i));
      std::unique_ptr<Message> sent(prototype->New());
      Fill(sent.get());
      ClearFieldsOfOurs(sent.get());
      std::unique_ptr<Message> received(prototype->New());
      const std::string text = WriteJson(*sent);
      const auto error = ReadJson(text, received.get());
      EXPECT_FALSE(error.has_value()) << error->message << text;
      EXPECT_TRUE(
          google::protobuf::util::MessageDifferencer::Equals(*sent, *received))
          << text << received->DebugString();
      ++messages;
    }
  }
  EXPECT_GT(messages, 50);
}

}  // namespace
}  // namespace holdline
