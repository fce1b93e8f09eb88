#include "server/rpc/call/value_count.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "holdline/v1/task_queue.pb.h"

namespace holdline {
namespace {

std::optional<int64_t> Count(int64_t values_max, const std::string& bytes,
                             const google::protobuf::Descriptor* type =
                                 v1::SubmitTasksRequest::descriptor()) {
  google::protobuf::io::ArrayInputStream stream(bytes.data(),
                                                static_cast<int>(bytes.size()));
  bool is_message = false;
  return CountValues(values_max, type, &stream, &is_message);
}

bool IsMessage(const std::string& bytes) {
  google::protobuf::io::ArrayInputStream stream(bytes.data(),
                                                static_cast<int>(bytes.size()));
  bool is_message = false;
  CountValues(100, v1::SubmitTasksRequest::descriptor(), &stream, &is_message);
  return is_message;
}

std::string Wire(const std::string& text) {
  v1::SubmitTasksRequest request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request));
  return request.SerializeAsString();
}

TEST(ValueCount, CountsEachFieldOfEachMessage) {
  EXPECT_EQ(Count(100, ""), 0);
  EXPECT_EQ(Count(100, Wire("request_id: 'a'")), 1);
  EXPECT_EQ(Count(100, Wire("tasks {} tasks {} tasks {}")), 3);
  EXPECT_EQ(
      Count(100, Wire("tasks { type: 't' fields { key: 'k' } priority: 3 } "
                      "request_id: 'a'")),
      6);
  EXPECT_EQ(
      Count(100, Wire("tasks { task_object { objects { key: 'k' value {} } "
                      "task_id: '' } }")),
      6);
}

// Of a text of two million bytes that are not there.
TEST(ValueCount, TellsWhatIsNoMessage) {
  EXPECT_TRUE(IsMessage(""));
  EXPECT_TRUE(IsMessage(Wire("tasks { type: 't' } request_id: 'a'")));
  EXPECT_FALSE(
      IsMessage("\x12\xF4\xFF\x7F"
                "aaaa"));
  EXPECT_FALSE(
      IsMessage("\x0A\x06\x12\xF4\xFF\x7F"
                "aa"));
}

TEST(ValueCount, CountsWhatIsUnknown) {
  // A varint, bytes, and a group with two varints in a group, all of field 99.
  const std::string varint("\x98\x06\x01", 3);
  const std::string bytes("\x9A\x06\x02zz", 5);
  const std::string group =
      absl::StrCat("\x9B\x06\x9B\x06", varint, varint, "\x9C\x06\x9C\x06");
  EXPECT_EQ(Count(100, varint), 1);
  EXPECT_EQ(Count(100, bytes + varint), 2);
  EXPECT_EQ(Count(100, group + varint), 5);
  // The same within a task.
  EXPECT_EQ(Count(100, absl::StrCat(
                           "\x0A",
                           std::string(1, static_cast<char>(group.size() + 3)),
                           group, varint)),
            6);
}

TEST(ValueCount, CountsTheBytesOfAPackedList) {
  const std::string states = std::string("\x12\x03\x01\x02\x03", 5);
  const auto* type = v1::ListTasksRequest::descriptor();
  EXPECT_EQ(Count(4, states, type), 4);
  EXPECT_EQ(Count(3, states, type), std::nullopt);
}

TEST(ValueCount, LeavesWhatIsNoMessageToTheParser) {
  for (const char* bytes :
       {"\x0A\x05", "\xFF\xFF\xFF", "\x9B\x06", "\x0A\xFF\xFF\xFF\xFF\x7F",
        "\x9B\x06\x9B\x06\x0A\x05", "\x0F", "\x9C\x06"}) {
    EXPECT_NE(Count(10, bytes), std::nullopt) << bytes;
  }
  // Groups within groups, deeper than the parser goes.
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "\x9B\x06";
  EXPECT_NE(Count(200, deep), std::nullopt);
}

TEST(ValueCount, StopsAtTheFirstValueThatIsTooMany) {
  std::string bytes = Wire("tasks {} tasks {} tasks {}");
  EXPECT_EQ(Count(2, bytes + "\xFF\xFF\xFF"), std::nullopt);
  EXPECT_EQ(Count(3, bytes), 3);
}

}  // namespace
}  // namespace holdline
