// Notifications of SnsAlarm actions (DATAPIPELINE section 6.9).

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_NOTIFICATION_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_NOTIFICATION_H_

#include <string>

#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/pipeline/model/ids.h"

namespace holdline {

// A notification, stored until it is delivered or given up.
struct Notification {
  NotificationNumber number{};
  AccountId account;

  // The public ids of pipeline, object and action.
  std::string pipeline_id;
  std::string object_id;
  std::string action_id;

  std::string topic;
  std::string subject;
  std::string message;

  absl::Time created_at;

  // The number of failed delivery attempts, and the time of the next one.
  int failures = 0;
  absl::Time due_at;

  friend bool operator==(const Notification&, const Notification&) = default;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_NOTIFICATION_H_
