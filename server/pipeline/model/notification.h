// What actions have to say to the world (DATAPIPELINE section 6.9).

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_NOTIFICATION_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_NOTIFICATION_H_

#include <string>

#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/pipeline/model/ids.h"

namespace holdline {

// Kept until it was delivered or given up.
struct Notification {
  NotificationNumber number{};
  AccountId account;

  // Where it comes from, as the wire names them.
  std::string pipeline_id;
  std::string object_id;
  std::string action_id;

  std::string topic;
  std::string subject;
  std::string message;

  absl::Time created_at;

  // How often its delivery failed, and when it is tried next.
  int failures = 0;
  absl::Time due_at;

  friend bool operator==(const Notification&, const Notification&) = default;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_NOTIFICATION_H_
