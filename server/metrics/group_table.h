// Statistics of worker groups in a bounded number of rows.

#ifndef HOLDLINE_SERVER_METRICS_GROUP_TABLE_H_
#define HOLDLINE_SERVER_METRICS_GROUP_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <map>

#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/broker/reply.h"

namespace holdline {

// One worker group, or those without a row of their own.
struct GroupRow {
  int64_t ready = 0;
  int64_t delayed = 0;
  int64_t leased = 0;
  int64_t parked = 0;
  int64_t paused = 0;    // how many groups are
  int64_t draining = 0;  // how many groups are

  // Age of the oldest ready task; zero if none is ready.
  absl::Duration oldest_age;

  // The last count that saw the group.
  int64_t counted = 0;

  GroupRow& operator+=(const GroupRow& other);
};

// A group keeps its row when it has nothing left, so that its numbers go to
// zero instead of away, until another group needs the row.
//
// Not thread-safe.
class GroupTable {
 public:
  // The account and name of the sum of groups without a row.
  static constexpr char kOther[] = "__other__";

  explicit GroupTable(int rows_max) : rows_max_(rows_max) {}

  // Counts begin, with every row at zero.
  void BeginCount();

  // Counts a group. REQUIRES: a count has begun.
  void Add(const GroupView& view, absl::Time now);

  // Ends the count. The rows are valid until the next begins.
  void EndCount();

  // By account and name; one of them may be kOther.
  const std::map<GroupKey, GroupRow>& rows() const { return rows_; }

 private:
  const size_t rows_max_;
  int64_t count_ = 0;
  std::map<GroupKey, GroupRow> rows_;

  // Groups that had no row when they were counted; not more than rows.
  std::map<GroupKey, GroupRow> rowless_;
  GroupRow other_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_METRICS_GROUP_TABLE_H_
