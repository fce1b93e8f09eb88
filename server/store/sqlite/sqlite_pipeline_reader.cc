#include "server/store/sqlite/sqlite_pipeline_reader.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

#include "server/store/run_filter.h"
#include "server/store/sql/pipeline_statements.h"
#include "server/store/sql/pipeline_tables.h"
#include "server/store/sql/stored_time.h"
#include "server/store/sqlite/sqlite_dialect.h"
#include "server/store/sqlite/sqlite_rows.h"

namespace holdline {
namespace {

// The most entries of the index by creation that are sorted for one page. They
// are small, and much cheaper than as many instances.
constexpr int64_t kCreatedMax = 50000;

std::string Sql(PipelineStatement statement) {
  return TextOf(statement, kSqliteDialect);
}

// The greatest key that is before every one to be listed. No component has the
// number 0.
InstanceKey LowerBound(const RunFilter& filter,
                       const std::optional<InstanceKey>& after) {
  const InstanceKey first{.pipeline = filter.pipeline,
                          .start = filter.start.from};
  if (!after.has_value()) return first;
  InstanceKey bound = *after;
  bound.pipeline = filter.pipeline;
  return std::max(first, bound);
}

void BindRange(const RunFilter& filter, const std::optional<InstanceKey>& after,
               SqliteStatement& statement) {
  Write(LowerBound(filter, after), kInstanceKeyColumns, statement);
  statement.Bind("start_to", Microseconds(filter.start.to));
}

// A page of instances that is being filled.
class Filling {
 public:
  Filling(const RunFilter& filter, int limit)
      : filter_(filter), limit_(limit) {}

  // Looks at the next instance; false if the page was full before.
  bool Add(Instance instance) {
    if (examined_ == kRunsExaminedMax ||
        std::ssize(page_.instances) == limit_) {
      page_.next_after = last_;
      return false;
    }
    ++examined_;
    last_ = instance.key;
    if (Matches(filter_, instance)) {
      page_.instances.push_back(std::move(instance));
    }
    return true;
  }

  InstancePage Take() { return std::move(page_); }

 private:
  const RunFilter& filter_;
  const int limit_;
  InstancePage page_;
  InstanceKey last_;
  int examined_ = 0;
};

absl::StatusOr<InstancePage> ReadPage(const RunFilter& filter, int limit,
                                      SqliteStatement& rows) {
  Filling filling(filter, limit);
  while (rows.Next() && filling.Add(Read(kInstanceTable.columns, rows))) {
  }
  if (absl::Status status = rows.Finish(); !status.ok()) return status;
  return filling.Take();
}

}  // namespace

SqlitePipelineReader::SqlitePipelineReader(SqliteConnection& connection)
    : begin_(connection, "BEGIN"),
      end_(connection, "COMMIT"),
      select_pipeline_(connection, Sql(PipelineStatement::kSelectPipeline)),
      list_pipelines_(connection, Sql(PipelineStatement::kListPipelines)),
      select_definition_(connection, Sql(PipelineStatement::kSelectDefinition)),
      select_components_(connection, Sql(PipelineStatement::kSelectComponents)),
      select_instance_(connection, Sql(PipelineStatement::kSelectInstance)),
      select_instances_at_(connection,
                           Sql(PipelineStatement::kSelectInstancesAt)),
      select_attempts_(connection, Sql(PipelineStatement::kSelectAttempts)),
      count_created_(connection, Sql(PipelineStatement::kCountCreated)),
      list_created_(connection, Sql(PipelineStatement::kListCreatedInstances)),
      list_live_(connection, Sql(PipelineStatement::kListLiveInstances)),
      list_all_(connection, Sql(PipelineStatement::kListInstances)),
      list_attempts_(connection, Sql(PipelineStatement::kListAttempts)) {}

absl::StatusOr<std::optional<PipelineRecord>>
SqlitePipelineReader::FindPipeline(const AccountId& account,
                                   const std::string& id) {
  select_pipeline_.BindText("id", id);
  select_pipeline_.BindText("account", account.value);
  return ReadRow(select_pipeline_, kPipelineTable.columns);
}

absl::StatusOr<std::vector<PipelineRecord>> SqlitePipelineReader::ListPipelines(
    const AccountId& account, PipelineNumber after, int limit) {
  if (static_cast<uint64_t>(after) > INT64_MAX) {
    return std::vector<PipelineRecord>();
  }
  list_pipelines_.BindText("account", account.value);
  list_pipelines_.Bind("after", static_cast<int64_t>(after));
  list_pipelines_.Bind("limit", int64_t{limit});
  return ReadRows(list_pipelines_, kPipelineTable.columns);
}

absl::StatusOr<std::optional<SharedDefinition>>
SqlitePipelineReader::ReadDefinition(PipelineNumber pipeline, int version) {
  select_definition_.Bind("pipeline", static_cast<int64_t>(pipeline));
  select_definition_.Bind("version", int64_t{version});
  return ReadRow(select_definition_, [](SqliteStatement& row) {
    return Read(kDefinitionTable.columns, row).definition;
  });
}

absl::StatusOr<std::vector<ComponentRecord>>
SqlitePipelineReader::ReadComponents(PipelineNumber pipeline) {
  select_components_.Bind("pipeline", static_cast<int64_t>(pipeline));
  return ReadRows(select_components_, kComponentTable.columns);
}

absl::StatusOr<std::optional<Instance>> SqlitePipelineReader::ReadInstance(
    const InstanceKey& key) {
  Write(key, kInstanceKeyColumns, select_instance_);
  return ReadRow(select_instance_, kInstanceTable.columns);
}

absl::StatusOr<std::vector<Instance>> SqlitePipelineReader::InstancesAt(
    PipelineNumber pipeline, absl::Time start) {
  select_instances_at_.Bind("pipeline", static_cast<int64_t>(pipeline));
  select_instances_at_.Bind("start_time", Microseconds(start));
  return ReadRows(select_instances_at_, kInstanceTable.columns);
}

absl::StatusOr<std::vector<Attempt>> SqlitePipelineReader::AttemptsOf(
    const InstanceKey& instance) {
  Write(instance, kInstanceKeyColumns, select_attempts_);
  return ReadRows(select_attempts_, kInstanceAttemptTable.columns);
}

// One transaction, so that what is counted is what is listed.
absl::StatusOr<InstancePage> SqlitePipelineReader::ListInstances(
    const RunFilter& filter, const std::optional<InstanceKey>& after,
    int limit) {
  absl::Status status = begin_.Run();
  if (!status.ok()) return status;
  auto few = FewWereCreated(filter);
  if (!few.ok()) return few.status();
  auto page = *few               ? ListCreated(filter, after, limit)
              : OnlyLive(filter) ? ListLive(filter, after, limit)
                                 : ListAll(filter, after, limit);
  if (!page.ok()) return page.status();
  status = end_.Run();
  if (!status.ok()) return status;
  return page;
}

absl::StatusOr<bool> SqlitePipelineReader::FewWereCreated(
    const RunFilter& filter) {
  if (OnlyLive(filter) || (filter.created.from == absl::InfinitePast() &&
                           filter.created.to == absl::InfiniteFuture())) {
    return false;
  }
  count_created_.Bind("pipeline", static_cast<int64_t>(filter.pipeline));
  count_created_.Bind("created_from", Microseconds(filter.created.from));
  count_created_.Bind("created_to", Microseconds(filter.created.to));
  count_created_.Bind("limit", kCreatedMax + 1);
  const auto count = ReadNumber(count_created_, "n");
  if (!count.ok()) return count.status();
  return count->value_or(0) <= kCreatedMax;
}

absl::StatusOr<InstancePage> SqlitePipelineReader::ListCreated(
    const RunFilter& filter, const std::optional<InstanceKey>& after,
    int limit) {
  BindRange(filter, after, list_created_);
  list_created_.Bind("created_from", Microseconds(filter.created.from));
  list_created_.Bind("created_to", Microseconds(filter.created.to));
  list_created_.Bind("limit", int64_t{kRunsExaminedMax} + 1);
  auto keys = ReadRows(list_created_, kInstanceKeyColumns);
  if (!keys.ok()) return keys.status();
  Filling filling(filter, limit);
  for (const InstanceKey& key : *keys) {
    auto instance = ReadInstance(key);
    if (!instance.ok()) return instance.status();
    if (!instance->has_value()) continue;
    if (!filling.Add(**std::move(instance))) break;
  }
  return filling.Take();
}

absl::StatusOr<InstancePage> SqlitePipelineReader::ListLive(
    const RunFilter& filter, const std::optional<InstanceKey>& after,
    int limit) {
  BindRange(filter, after, list_live_);
  return ReadPage(filter, limit, list_live_);
}

absl::StatusOr<InstancePage> SqlitePipelineReader::ListAll(
    const RunFilter& filter, const std::optional<InstanceKey>& after,
    int limit) {
  BindRange(filter, after, list_all_);
  return ReadPage(filter, limit, list_all_);
}

absl::StatusOr<AttemptPage> SqlitePipelineReader::ListAttempts(
    const RunFilter& filter, const std::optional<AttemptKey>& after,
    int limit) {
  const InstanceKey first = LowerBound(filter, std::nullopt);
  AttemptKey bound{.instance = first, .number = 0};
  if (after.has_value()) bound = std::max(bound, *after);
  Write(bound.instance, kInstanceKeyColumns, list_attempts_);
  list_attempts_.Bind("number", int64_t{bound.number});
  list_attempts_.Bind("start_to", Microseconds(filter.start.to));
  AttemptPage page;
  AttemptKey last;
  for (int examined = 0; list_attempts_.Next(); ++examined) {
    if (examined == kRunsExaminedMax || std::ssize(page.attempts) == limit) {
      page.next_after = last;
      break;
    }
    Attempt attempt = Read(kInstanceAttemptTable.columns, list_attempts_);
    last = attempt.key;
    const absl::Time end = TimeOf(list_attempts_.Integer("end_time"));
    if (Matches(filter, attempt, end)) {
      page.attempts.push_back(std::move(attempt));
    }
  }
  absl::Status status = list_attempts_.Finish();
  if (!status.ok()) return status;
  return page;
}

}  // namespace holdline
