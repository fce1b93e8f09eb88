// The numbers are stored: if one of them changes, repeats across an upgrade are
// refused.

#include "server/rpc/services/fingerprint.h"

#include <string>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "holdline/v1/task_queue.pb.h"

namespace holdline {
namespace {

v1::SubmitTasksRequest ParseRequest(const std::string& text) {
  v1::SubmitTasksRequest request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request));
  return request;
}

// Of every kind of field that a request may have.
v1::SubmitTasksRequest Sample() {
  return ParseRequest(R"pb(
    tasks {
      worker_group: "g"
      task_object {
        attempt_id: "a"
        objects {
          key: "b"
          value {
            id: "b"
            name: "n"
            fields { key: "type" string_value: "T" }
          }
        }
        objects {
          key: "long"
          value {
            id: "long"
            name: "n"
            fields { key: "type" string_value: "T" }
          }
        }
        objects {
          key: "a"
          value {
            id: "a"
            name: "n"
            fields { key: "type" string_value: "T" }
          }
        }
      }
      priority: -1
    }
    tasks {
      worker_group: "g"
      type: "T"
      fields { key: "k" string_value: "" }
      not_before { seconds: -5 nanos: 7 }
      retry_policy { attempts: 3 backoff: 1.5 }
    }
    request_id: "r"
  )pb");
}

TEST(FingerprintTest, IsTheOneThatTheHeaderDescribes) {
  // Computed from the description, by other means.
  EXPECT_EQ(Fingerprint(Sample()), 11728586323521918902u);
}

TEST(FingerprintTest, AFieldThatIsSetToItsDefaultCounts) {
  auto other = Sample();
  other.mutable_tasks(1)->set_priority(0);
  EXPECT_NE(Fingerprint(other), Fingerprint(Sample()));
}

TEST(FingerprintTest, WhatIsMovedFromOneFieldToAnotherCounts) {
  EXPECT_NE(Fingerprint(
                ParseRequest(R"pb(tasks { worker_group: "ab" type: "c" })pb")),
            Fingerprint(
                ParseRequest(R"pb(tasks { worker_group: "a" type: "bc" })pb")));
}

TEST(FingerprintTest, TheFormerOneIsWhatWasStored) {
  const std::string text = R"pb(
    request_id: "r"
    tasks {
      worker_group: "g"
      task_object {
        attempt_id: "a"
        objects {
          key: "a"
          value { id: "a" }
        }
        objects {
          key: "b"
          value { id: "b" }
        }
        objects {
          key: "c"
          value { id: "c" }
        }
      }
    })pb";
  EXPECT_EQ(FormerFingerprint(ParseRequest(text)), 5681586511882543985u);
}

}  // namespace
}  // namespace holdline
