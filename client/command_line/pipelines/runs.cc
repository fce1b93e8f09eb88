// runs

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/command_line/pipelines/object_fields.h"
#include "client/command_line/pipelines/object_pages.h"
#include "client/command_line/pipelines/pipelines.h"
#include "client/command_line/pipelines/run_text.h"
#include "client/command_line/pipelines/status_argument.h"
#include "client/command_line/verb/time_argument.h"
#include "client/command_line/verb/verb.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {
namespace {

// What is shown if nobody says otherwise, as for the AWS CLI.
constexpr absl::Duration kRecent = absl::Hours(4 * 24);

// Asking pauses at least for so many times as long as it took.
constexpr int kRestShare = 4;

// A server that has answered once is worth waiting for.
constexpr absl::Duration kRestartTime = absl::Minutes(2);

constexpr char kTimeFormat[] = "%Y-%m-%d%ET%H:%M:%S";

struct RunsOptions {
  std::string id;
  std::vector<std::string> statuses;
  std::string start_interval;
  std::string schedule_interval;
  bool follow = false;
  std::string interval = "2s";
};

void DefineRuns(CLI::App& verb, RunsOptions& options) {
  verb.add_option("ID", options.id, "The pipeline's id")->required();
  AddRepeated(
      verb, "--status", options.statuses,
      "Only runs with this status, such as FAILED; separate several by commas");
  verb.add_option(
      "--start-interval", options.start_interval,
      "FROM,TO: only runs that started in this interval, such as "
      "2030-01-31,2030-02-01T12:00:00 (default: the last four days)");
  verb.add_option(
      "--schedule-interval", options.schedule_interval,
      "FROM,TO: only runs whose scheduled start is in this interval");
  verb.add_flag(
      "--follow", options.follow,
      "Follow changes until all runs have ended and no further one is due");
  verb.add_option("--interval", options.interval,
                  "With --follow: the shortest time between two requests")
      ->capture_default_str();
}

v1::Selector& AddSelector(v1::QueryObjectsInput& input,
                          const std::string& field,
                          v1::Selector::Operator::Type type,
                          const std::vector<std::string>& values) {
  v1::Selector& selector = *input.mutable_query()->add_selectors();
  selector.set_field_name(field);
  selector.mutable_operator_()->set_type(type);
  for (const std::string& value : values) {
    selector.mutable_operator_()->add_values(value);
  }
  return selector;
}

absl::Status AddInterval(const std::string& option, const std::string& text,
                         const std::string& field,
                         v1::QueryObjectsInput& input) {
  if (text.empty()) return absl::OkStatus();
  const std::vector<std::string> ends = absl::StrSplit(text, ',');
  if (ends.size() != 2 || ends[0].empty() || ends[1].empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(option, " ", text,
                     " is not of the form FROM,TO, such as "
                     "2030-01-31,2030-02-01T12:00:00."));
  }
  AddSelector(input, field, v1::Selector::Operator::BETWEEN, ends);
  return absl::OkStatus();
}

absl::StatusOr<v1::QueryObjectsInput> QueryOf(const RunsOptions& options,
                                              absl::Time now) {
  v1::QueryObjectsInput input;
  input.set_pipeline_id(options.id);
  input.set_sphere("INSTANCE");
  absl::Status status = AddInterval("--start-interval", options.start_interval,
                                    "@actualStartTime", input);
  status.Update(AddInterval("--schedule-interval", options.schedule_interval,
                            "@scheduledStartTime", input));
  if (!status.ok()) return status;
  if (!input.has_query()) {
    AddSelector(
        input, "@actualStartTime", v1::Selector::Operator::GE,
        {absl::FormatTime(kTimeFormat, now - kRecent, absl::UTCTimeZone())});
  }
  const auto statuses = ParseStatuses(options.statuses);
  if (!statuses.ok()) return statuses.status();
  if (!statuses->empty()) {
    AddSelector(input, "@status", v1::Selector::Operator::EQ, *statuses);
  }
  return input;
}

absl::StatusOr<std::vector<v1::PipelineObject>> Fetch(
    Client& client, const v1::QueryObjectsInput& query,
    const CallOptions& call_options = {}) {
  const auto ids = QueryAllObjects(client, query, SIZE_MAX, call_options);
  if (!ids.ok()) return ids.status();
  auto runs = DescribeAllObjects(client, query.pipeline_id(), *ids, false,
                                 call_options);
  if (runs.ok()) SortRuns(*runs);
  return runs;
}

// Shows what becomes of runs.
class Follower {
 public:
  Follower(Session& session, const v1::QueryObjectsInput& query,
           absl::Duration interval)
      : session_(session), query_(query), interval_(interval) {}

  absl::StatusOr<ExitCode> Follow() {
    bool over = false;
    while (true) {
      const absl::Time asked_at = absl::Now();
      const auto runs = Fetch(session_.client, query_, call_options_);
      if (!runs.ok()) return runs.status();
      Show(*runs);
      if (over) return Result(*runs);
      const absl::StatusOr<bool> is_over = IsOver(*runs);
      if (!is_over.ok()) return is_over.status();
      over = *is_over;
      // Runs may have come and gone before the pipeline was looked at.
      if (over) continue;
      const absl::Duration took = absl::Now() - asked_at;
      absl::SleepFor(std::max(interval_ - took, kRestShare * took));
    }
  }

 private:
  // All runs at first, and then those that have changed.
  void Show(const std::vector<v1::PipelineObject>& runs) {
    if (first_ && !session_.json) session_.out << RunTable(runs);
    for (const v1::PipelineObject& run : runs) {
      std::string& known = statuses_[run.id()];
      const std::string status = StatusOf(run);
      if (known == status) continue;
      if (session_.json) {
        WriteJson(run, session_.out);
      } else if (!first_) {
        session_.out << RunSentence(run, known) << "\n";
      }
      known = status;
    }
    session_.out << std::flush;
    first_ = false;
  }

  // Whether nothing more will happen soon. A pipeline that is active may be
  // about to make its next run: only when it was idle twice it is believed.
  absl::StatusOr<bool> IsOver(const std::vector<v1::PipelineObject>& runs) {
    const bool ended = std::all_of(
        runs.begin(), runs.end(),
        [](const v1::PipelineObject& run) { return HasEnded(StatusOf(run)); });
    if (!ended) {
      idle_ = 0;
      return false;
    }
    const auto pipelines = DescribeAllPipelines(
        session_.client, {query_.pipeline_id()}, call_options_);
    if (!pipelines.ok()) return pipelines.status();
    if (pipelines->empty()) return true;
    const Fields& fields = pipelines->front().fields();
    const std::string state = ValueOf(fields, "@pipelineState");
    if (state != "SCHEDULED" && state != "DEACTIVATING") return true;
    const std::string next = ValueOf(fields, "@nextRunTime");
    const bool due =
        !next.empty() &&
        next <= absl::FormatTime(kTimeFormat, absl::Now(), absl::UTCTimeZone());
    idle_ = runs.empty() || due ? 0 : idle_ + 1;
    return idle_ >= 2;
  }

  static ExitCode Result(const std::vector<v1::PipelineObject>& runs) {
    const bool failed = std::any_of(
        runs.begin(), runs.end(),
        [](const v1::PipelineObject& run) { return HasFailed(StatusOf(run)); });
    return failed ? ExitCode::kNegative : ExitCode::kDone;
  }

  Session& session_;
  const v1::QueryObjectsInput query_;
  const absl::Duration interval_;
  const CallOptions call_options_ = {.retry_for = kRestartTime};

  // By the ids of runs, as last shown; and whether none was shown yet.
  std::map<std::string, std::string> statuses_;
  bool first_ = true;

  // How many times in a row nothing was left to happen.
  int idle_ = 0;
};

absl::StatusOr<ExitCode> Runs(Session& session, const RunsOptions& options) {
  const auto query = QueryOf(options, absl::Now());
  if (!query.ok()) return query.status();
  const auto interval = ParseDuration("--interval", options.interval);
  if (!interval.ok()) return interval.status();
  if (options.follow) return Follower(session, *query, *interval).Follow();
  const auto runs = Fetch(session.client, *query);
  if (!runs.ok()) return runs.status();
  if (session.json) {
    for (const v1::PipelineObject& run : *runs) WriteJson(run, session.out);
  } else if (runs->empty()) {
    session.err << "No run matches.\n";
  } else {
    session.out << RunTable(*runs);
  }
  return ExitCode::kDone;
}

}  // namespace

void AddRuns(CLI::App& pipelines, Action& chosen) {
  AddVerb(pipelines, "runs", "List or follow the runs of a pipeline", chosen,
          DefineRuns, Runs);
}

}  // namespace holdline::client
