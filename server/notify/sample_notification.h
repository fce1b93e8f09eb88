// For tests: a notification.

#ifndef HOLDLINE_SERVER_NOTIFY_SAMPLE_NOTIFICATION_H_
#define HOLDLINE_SERVER_NOTIFY_SAMPLE_NOTIFICATION_H_

#include "absl/time/time.h"
#include "server/pipeline/model/notification.h"

namespace holdline {

// One that was made, and is due, at `now`.
inline Notification SampleNotification(int number, absl::Time now) {
  return {.number = NotificationNumber(number),
          .account = {"a"},
          .pipeline_id = "df-0937003356ZJEXAMPLE",
          .object_id = "@Copy_2012-12-12T00:00:00",
          .action_id = "Alarm",
          .topic = "arn:aws:sns:us-east-1:1:late",
          .subject = "Late",
          .message = "Copy is \"late\"\nagain: é",
          .created_at = now,
          .due_at = now};
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_NOTIFY_SAMPLE_NOTIFICATION_H_
