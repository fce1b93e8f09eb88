// The table of limits in server/README.md: it names every option that is one,
// and what it says is an account's, another account does not feel.

#include <deque>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/metadata_keys.h"
#include "server/auth/credentials/call_rates.h"
#include "server/auth/credentials/credential_store.h"
#include "server/base/request_memory.h"
#include "server/engine/inbox.h"
#include "server/queries/history.h"
#include "server/rpc/testing/test_server.h"
#include "server/settings/options.h"
#include "server/store/memory/memory_store.h"

namespace holdline {
namespace {

using ::testing::Contains;
using Pipelines = v1::DataPipeline::StubInterface;
using Tasks = v1::TaskQueue::StubInterface;

constexpr char kRed[] = "red";
constexpr char kBlue[] = "blue";

struct Row {
  std::string limit;
  std::string owner;
  std::string effect;
};

std::vector<Row> ReadTable() {
  std::ifstream file("server/README.md");
  const std::string page((std::istreambuf_iterator<char>(file)),
                         std::istreambuf_iterator<char>());
  const size_t begin = page.find("| limit | whose |");
  std::vector<Row> rows;
  for (absl::string_view line : absl::StrSplit(page.substr(begin), '\n')) {
    if (!absl::StartsWith(line, "|")) break;
    const std::vector<std::string> cells = absl::StrSplit(line, " | ");
    if (cells.size() != 3) continue;  // below the heading
    rows.push_back({cells[0].substr(2), cells[1],
                    std::string(absl::StripSuffix(cells[2], " |"))});
  }
  if (!rows.empty()) rows.erase(rows.begin());
  return rows;
}

// The options that a row names.
std::set<std::string> OptionsIn(const std::vector<Row>& rows) {
  std::set<std::string> options;
  for (const Row& row : rows) {
    const std::vector<std::string> parts = absl::StrSplit(row.limit, '`');
    for (size_t i = 1; i < parts.size(); i += 2) {
      const std::vector<std::string> words = absl::StrSplit(parts[i], ' ');
      options.insert(std::string(absl::StripPrefix(words[0], "--")));
    }
  }
  return options;
}

std::set<std::string> AllOptions() {
  Options options;
  std::set<std::string> names;
  for (const SettingGroup& group : SettingsOf(&options)) {
    for (const Setting& setting : group.settings) names.insert(setting.name);
  }
  return names;
}

TEST(LimitTable, NamesEveryOptionThatIsALimitAndNoOther) {
  const std::set<std::string> named = OptionsIn(ReadTable());
  const std::set<std::string> options = AllOptions();
  for (const std::string& option : options) {
    if (absl::EndsWith(option, "-max")) {
      EXPECT_THAT(named, Contains(option));
    }
  }
  for (const std::string& option : named) {
    EXPECT_THAT(options, Contains(option));
  }
}

TEST(LimitTable, SaysOfEachWhoseItIsAndWhatMeetsIt) {
  const std::set<std::string> owners = {"server",     "account",    "address",
                                        "connection", "access key", "call",
                                        "pipeline"};
  const std::set<std::string> effects = {"error", "wait", "close", "cut",
                                         "answer"};
  const std::vector<Row> rows = ReadTable();
  EXPECT_GT(rows.size(), 30u);
  for (const Row& row : rows) {
    EXPECT_THAT(owners, Contains(row.owner)) << row.limit;
    const size_t end = row.effect.find_first_of(",:; ");
    EXPECT_THAT(effects, Contains(row.effect.substr(0, end))) << row.limit;
  }
}

Credential Administrator(const std::string& account) {
  Credential credential;
  credential.access_key = account;
  credential.secret = "secret";
  credential.principal.account = AccountId{account};
  credential.principal.roles = {Role::kAdministrator};
  return credential;
}

// A server with two accounts.
class TwoAccounts {
 public:
  explicit TwoAccounts(const EngineOptions& options, RpcOptions rpc = {})
      : server_(TestCallers{.credentials = &store_}, std::move(rpc), options) {}

  // Begins to watch, and goes on until the end unless it is refused.
  grpc::StatusCode Watch(const std::string& account) {
    auto& watch = watches_.emplace_back();
    watch.context.AddMetadata("authorization",
                              absl::StrCat("Bearer ", account, ":secret"));
    watch.reader = server_.operations().WatchGroups(&watch.context, {});
    v1::WatchGroupsResponse snapshot;
    return watch.reader->Read(&snapshot) ? grpc::StatusCode::OK
                                         : watch.reader->Finish().error_code();
  }

  template <typename Stub, typename Input, typename Output>
  grpc::StatusCode Call(const std::string& account, Stub& stub,
                        grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                     const Input&, Output*),
                        const std::string& input) {
    return server_
        .Call(stub, method, Parse<Input>(input),
              absl::StrCat("Bearer ", account, ":secret"))
        .status.error_code();
  }

  grpc::StatusCode Submit(const std::string& account, const std::string& rest) {
    return Call(account, server_.queue(), &Tasks::SubmitTasks,
                "tasks { worker_group: 'g' type: 't' } " + rest);
  }

  grpc::StatusCode Create(const std::string& account, const std::string& name) {
    return Call(account, server_.pipeline(), &Pipelines::CreatePipeline,
                absl::StrCat("name: 'p' unique_id: '", name, "'"));
  }

  grpc::StatusCode Drain(const std::string& account, const std::string& name) {
    return Call(account, server_.operations(),
                &v1::Operator::StubInterface::UpdateRunner,
                absl::StrCat("draining: true name: '", name, "'"));
  }

  // Begins to poll, and returns when the poll is held.
  void Park(const std::string& account) {
    auto& poll = polls_.emplace_back();
    poll.context.AddMetadata(kAuthorizationKey,
                             absl::StrCat("Bearer ", account, ":secret"));
    poll.context.set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
    input_.set_worker_group("g");
    poll.Begin([&](auto* context, auto* output, auto done) {
      server_.pipeline().async()->PollForTask(context, &input_, output, done);
    });
    const absl::Time deadline = absl::Now() + kPatience;
    while (Parked(account) == 0 && absl::Now() < deadline) {
      absl::SleepFor(absl::Milliseconds(1));
    }
    EXPECT_EQ(Parked(account), 1);
  }

  grpc::StatusCode Poll(const std::string& account) {
    return Call(account, server_.pipeline(), &Pipelines::PollForTask,
                "worker_group: 'g'");
  }

  void Heartbeat(const std::string& account, const std::string& runner) {
    EXPECT_EQ(
        Call(account, server_.pipeline(), &Pipelines::ReportTaskRunnerHeartbeat,
             absl::StrCat("taskrunner_id: '", runner, "'")),
        grpc::StatusCode::OK);
  }

  int CountRunners(const std::string& account) {
    return server_
        .Call(server_.operations(), &v1::Operator::StubInterface::ListRunners,
              v1::ListRunnersRequest(),
              absl::StrCat("Bearer ", account, ":secret"))
        .output.runners_size();
  }

 private:
  struct OpenWatch {
    ~OpenWatch() { context.TryCancel(); }

    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReaderInterface<v1::WatchGroupsResponse>>
        reader;
  };

  int64_t Parked(const std::string& account) {
    return server_
        .Call(server_.operations(), &v1::Operator::StubInterface::GetGroup,
              Parse<v1::GetGroupRequest>("worker_group: 'g'"),
              absl::StrCat("Bearer ", account, ":secret"))
        .output.parked_calls();
  }

  CredentialStore store_{
      Credentials({Administrator(kRed), Administrator(kBlue)}, {})};
  TestServer server_;
  v1::PollForTaskInput input_;
  std::deque<PendingCall<v1::PollForTaskOutput>> polls_;
  std::deque<OpenWatch> watches_;
};

EngineOptions WithBroker(const BrokerOptions& broker) {
  EngineOptions options;
  options.broker = broker;
  return options;
}

void LiveTasks() {
  TwoAccounts accounts(WithBroker({.live_tasks_max = 1}));
  EXPECT_EQ(accounts.Submit(kRed, ""), grpc::StatusCode::OK);
  EXPECT_EQ(accounts.Submit(kRed, ""), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(accounts.Submit(kBlue, ""), grpc::StatusCode::OK);
}

void Requests() {
  TwoAccounts accounts(WithBroker({.requests_max = 1}));
  EXPECT_EQ(accounts.Submit(kRed, "request_id: 'a'"), grpc::StatusCode::OK);
  EXPECT_EQ(accounts.Submit(kRed, "request_id: 'b'"),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(accounts.Submit(kBlue, "request_id: 'b'"), grpc::StatusCode::OK);
}

void RememberedRunners() {
  TwoAccounts accounts(WithBroker({.runners_max = 1}));
  accounts.Heartbeat(kBlue, "a");
  accounts.Heartbeat(kRed, "a");
  accounts.Heartbeat(kRed, "b");
  EXPECT_EQ(accounts.CountRunners(kRed), 1);
  EXPECT_EQ(accounts.CountRunners(kBlue), 1);
  EXPECT_EQ(accounts.Drain(kRed, "b"), grpc::StatusCode::OK);
  EXPECT_EQ(accounts.Drain(kRed, "c"), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(accounts.Drain(kBlue, "a"), grpc::StatusCode::OK);
}

void ParkedCalls() {
  TwoAccounts accounts(WithBroker({.parked_calls_max = 1}));
  accounts.Park(kRed);
  EXPECT_EQ(accounts.Poll(kRed), grpc::StatusCode::RESOURCE_EXHAUSTED);
  accounts.Park(kBlue);
}

void OpenWatches() {
  TwoAccounts accounts({}, {.watches_max = 1});
  EXPECT_EQ(accounts.Watch(kRed), grpc::StatusCode::OK);
  EXPECT_EQ(accounts.Watch(kRed), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(accounts.Watch(kBlue), grpc::StatusCode::OK);
}

void PipelineCount() {
  EngineOptions options;
  options.planner.pipelines_max = 1;
  TwoAccounts accounts(options);
  EXPECT_EQ(accounts.Create(kRed, "a"), grpc::StatusCode::OK);
  EXPECT_NE(accounts.Create(kRed, "b"), grpc::StatusCode::OK);
  EXPECT_EQ(accounts.Create(kBlue, "b"), grpc::StatusCode::OK);
}

void WaitingCommands() {
  Inbox inbox(1);
  const auto put = [&](const std::string& account) {
    Command command{CallId{1}, AccountId{account}, StopHolding{},
                    [](const ReplyBody&) {}};
    return inbox.Put(command);
  };
  EXPECT_EQ(put(kRed), Inbox::Answer::kTaken);
  EXPECT_EQ(put(kRed), Inbox::Answer::kFull);
  EXPECT_EQ(put(kBlue), Inbox::Answer::kTaken);
}

void RequestBytes() {
  constexpr int64_t kBytes = int64_t{1} << 30;
  RequestMemory memory(4 * kBytes);
  const auto first = memory.Take(kRed, kBytes);
  const auto second = memory.Take(kRed, kBytes);
  EXPECT_FALSE(memory.Take(kRed, kBytes).ok());
  EXPECT_TRUE(memory.Take(kBlue, kBytes).ok());
}

void WaitingQuestions() {
  MemoryStore store;
  absl::Notification go_on;
  std::map<std::string, int> refused;
  {
    History history(store.OpenArchive());
    const auto ask = [&](const std::string& account) {
      history.Ask(
          AccountId{account}, [&](Archive&) { go_on.WaitForNotification(); },
          [&](const absl::Status&) { ++refused[account]; });
    };
    for (int i = 0; i < 1002; ++i) ask(kRed);
    for (int i = 0; i < 1000; ++i) ask(kBlue);
    go_on.Notify();
  }
  EXPECT_GE(refused[kRed], 1);
  EXPECT_EQ(refused[kBlue], 0);
}

void Rates() {
  CallRates rates({{"PollForTask", {1, 1}}});
  const absl::Time now = absl::FromUnixSeconds(1);
  EXPECT_TRUE(rates.Admit(kRed, "PollForTask", now).ok());
  EXPECT_FALSE(rates.Admit(kRed, "PollForTask", now).ok());
  EXPECT_TRUE(rates.Admit(kBlue, "PollForTask", now).ok());
}

TEST(LimitTable, WhatIsAnAccountsOtherAccountsDoNotFeel) {
  const std::map<std::string, std::function<void()>> shown = {
      {"`--live-tasks-max`", LiveTasks},
      {"`--parked-calls-max`", ParkedCalls},
      {"`--watches-max`", OpenWatches},
      {"`--requests-max`", Requests},
      {"`--pipelines-max`", PipelineCount},
      {"`--runners-max`", RememberedRunners},
      {"`--inbox-max`", WaitingCommands},
      {"`--memory-max`, of requests", RequestBytes},
      {"queued history queries: 1,000", WaitingQuestions},
      {"`--throttle aws`", Rates},
  };
  for (const Row& row : ReadTable()) {
    if (row.owner != "account") continue;
    SCOPED_TRACE(row.limit);
    const auto show = shown.find(row.limit);
    ASSERT_NE(show, shown.end()) << "show that it is an account's own";
    show->second();
  }
}

}  // namespace
}  // namespace holdline
