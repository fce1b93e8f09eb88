// Every change that the tables allow happens: scenarios are watched at what
// they store. That no other happens, the ledger asserts in every test.

#include "server/pipeline/model/transitions.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/model/run_fields.h"
#include "server/pipeline/testing/planner_harness.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

constexpr char kStart[] = "2012-12-12T00:00:00";
constexpr char kLaunchers[] = "holdline.resources";

// From what to what; an empty text is that which was not stored before.
using Changes = std::set<std::pair<std::string, std::string>>;

struct Seen {
  Changes pipelines;
  Changes components;
  std::map<ObjectFamily, Changes> runs;
};

// The id of a component's first instance.
std::string First(const std::string& component) {
  return absl::StrCat("@", component, "_", kStart);
}

class Scenario : public PlannerHarness {
 public:
  Scenario(Seen* seen, const Definition& definition)
      : PlannerHarness(kStart), seen_(seen) {
    before_store = [this](const PipelineBatch& batch) { Look(batch); };
    id = Create();
    Put(id, definition);
  }

  std::string id;

  void Begin(std::optional<absl::Time> start = {}) {
    EXPECT_TRUE(Activate(id, {}, start).ok());
  }
  void Stop(bool cancel = true) { EXPECT_TRUE(Deactivate(id, cancel).ok()); }
  void Ask(ObjectChange change, std::vector<std::string> objects) {
    EXPECT_TRUE(Change(id, change, std::move(objects)).ok());
  }
  void Fail(const std::string& group, int tries) {
    for (int i = 0; i < tries; ++i) {
      End(Take(group), AttemptEnd::kFailed);
      Pass(absl::Minutes(10));
    }
  }

  // The group of what runs on the resource of ResourcePipeline.
  std::string OnResource() const { return id + "_" + First("Resource"); }

 private:
  void Look(const PipelineBatch& batch) {
    for (const PipelineRecord& next : batch.pipelines) {
      const auto before = disk.pipelines.find(next.number);
      seen_->pipelines.emplace(
          before == disk.pipelines.end() ? "" : ToString(before->second.state),
          ToString(next.state));
    }
    for (const ComponentRecord& next : batch.components) {
      const auto before = disk.components.find({next.pipeline, next.number});
      seen_->components.emplace(before == disk.components.end()
                                    ? "PENDING"
                                    : ToString(before->second.status),
                                ToString(next.status));
    }
    const auto& pipelines = core().planner().state().pipelines;
    for (const Instance& next : batch.instances) {
      const Workflow* workflow = pipelines.at(next.key.pipeline).workflow();
      const std::optional<Instance> before = disk.Read(next.key);
      seen_->runs[workflow->Find(next.key.component)->family()].emplace(
          before.has_value() ? ToString(before->status) : "",
          ToString(next.status));
    }
  }

  Seen* const seen_;
};

using Beginning = std::function<void(Scenario&)>;

// Lets something happen, deactivates the pipeline, and asks. What is to run
// again shows then, because it does not start.
void AskAfter(Seen* seen, const Definition& definition,
              const std::vector<std::string>& instances,
              const std::vector<Beginning>& beginnings) {
  for (const Beginning& begin : beginnings) {
    for (const ObjectChange change :
         {ObjectChange::kRerun, ObjectChange::kMarkFinished}) {
      Scenario p(seen, definition);
      begin(p);
      p.Stop();
      p.Ask(change, instances);
    }
  }
}

void Begin(Scenario& p) { p.Begin(); }
void Skip(Scenario& p) { p.Begin(p.now + absl::Hours(1)); }

void AddObject(Definition& definition, const std::string& id,
               std::vector<Field> fields) {
  definition.objects.push_back({id, id, std::move(fields)});
}

// Root writes Node, which Leaf reads: on two days, in mode cascade.
Definition Chain() {
  Definition definition = WideCascade(0);
  Set(definition, "Once", {"occurrences", "2"});
  Add(definition, "Root", {"output", Ref("Node")});
  AddObject(definition, "Node",
            {{"type", "S3DataNode"}, {"filePath", "s3://bucket/file"}});
  AddObject(definition, "Leaf",
            {{"type", "ShellCommandActivity"}, {"command", "true"}});
  Add(definition, "Leaf", {"input", Ref("Node")});
  return definition;
}

void RunChains(Seen* seen) {
  const Beginning finish = [](Scenario& p) {
    p.Begin();
    p.End(p.Take());
    p.End(p.Take());
  };
  const Beginning fail = [](Scenario& p) {
    p.Begin();
    p.Fail("wg", 3);
  };
  AskAfter(seen, Chain(), {First("Root"), First("Node"), First("Leaf")},
           {Begin, Skip, finish, fail});
  Scenario marked(seen, Chain());
  marked.Begin();
  marked.Ask(ObjectChange::kMarkFinished, {First("Leaf"), First("Root")});
  Scenario stopped(seen, Chain());
  stopped.Begin();
  stopped.Take();
  stopped.Stop();
  Skip(stopped);
}

// Gate guards two activities and a node.
Definition Guarded() {
  Definition definition = SharedPreconditions();
  AddObject(definition, "Node",
            {{"type", "S3DataNode"}, {"filePath", "s3://bucket/file"}});
  Add(definition, "Node", {"precondition", Ref("Gate")});
  return definition;
}

void CheckPreconditions(Seen* seen) {
  const Beginning hold = [](Scenario& p) {
    p.Begin();
    for (int check = 0; check < 3; ++check) p.End(p.Take());
  };
  const Beginning fail = [](Scenario& p) {
    p.Begin();
    for (int minutes = 0; minutes <= 60; minutes += 10) {
      for (int i = 0; i < 3; ++i) p.End(p.Take(), AttemptEnd::kFalse);
      p.Pass(absl::Minutes(10));
    }
  };
  AskAfter(seen, Guarded(),
           {First("Gate_Right"), First("Right"), First("Node")},
           {Begin, hold, fail});
  Scenario broken(seen, Guarded());
  broken.Begin();
  for (int tries = 0; tries < 3; ++tries) {
    for (int check = 0; check < 3; ++check) broken.Fail("wg", 1);
  }
  Scenario stopped(seen, Guarded());
  stopped.Begin();
  for (int check = 0; check < 3; ++check) stopped.Take();
  stopped.Stop();
  Scenario paused(seen, Guarded());
  paused.Begin();
  paused.Ask(ObjectChange::kMarkFinished, {First("Gate_Right")});
  paused.Ask(ObjectChange::kPause, {"Gate"});
  paused.Pass(absl::Hours(1));
  const std::string later = "_2012-12-12T01:00:00";
  paused.Ask(ObjectChange::kTryCancel, {"@Gate_Left" + later});
  paused.Ask(ObjectChange::kMarkFinished, {"@Gate_Right" + later});
  paused.Ask(ObjectChange::kResume, {"Gate"});
}

void UseResources(Seen* seen) {
  const Beginning finish = [](Scenario& p) {
    p.Begin();
    p.End(p.Take(p.OnResource()));
  };
  const Beginning stop_at_work = [](Scenario& p) {
    p.Begin();
    p.Take(p.OnResource());
  };
  const Beginning fail = [](Scenario& p) {
    p.Begin();
    p.Fail(kLaunchers, 3);
  };
  const Beginning time_out = [](Scenario& p) {
    p.Begin();
    p.Pass(absl::Hours(2));
  };
  AskAfter(seen, ResourcePipeline(), {First("Resource")},
           {Begin, Skip, finish, stop_at_work, fail, time_out});
  Scenario lost(seen, ResourcePipeline());
  lost.Begin();
  Task launch = lost.Take(kLaunchers);
  lost.Take(lost.OnResource());
  lost.End(launch, AttemptEnd::kFailed);
  lost.Pass(absl::Minutes(10));
  lost.Fail(kLaunchers, 1);
  launch = lost.Take(kLaunchers);
  const Task work = lost.Take(lost.OnResource());
  lost.Report(work);
  lost.End(launch, AttemptEnd::kFailed);
  lost.End(work, AttemptEnd::kFailed);
  Scenario stopped(seen, ResourcePipeline());
  stopped.Begin();
  stopped.Stop();
  Skip(stopped);
  Scenario late(seen, ResourcePipeline());
  late.Begin();
  late.Take(late.OnResource());
  late.Pass(absl::Hours(2));
  for (const char* user : {"OnResource", "OnCluster"}) {
    Scenario needless(seen, ResourcePipeline());
    needless.Begin();
    needless.Ask(ObjectChange::kTryCancel, {First(user)});
  }
}

// A precondition is checked on a resource that is lost.
void LoseCheckers(Seen* seen) {
  Definition definition = ResourcePipeline();
  AddObject(definition, "Gate",
            {{"type", "ShellCommandPrecondition"}, {"command", "true"}});
  Add(definition, "OnResource", {"precondition", Ref("Gate")});
  Scenario offered(seen, definition);
  offered.Begin();
  offered.Fail(kLaunchers, 3);
  Scenario taken(seen, definition);
  taken.Begin();
  const Task check = taken.Take(taken.OnResource());
  taken.Report(check);
  taken.Ask(ObjectChange::kTryCancel, {First("Resource")});
  taken.End(check, AttemptEnd::kFailed);
}

void StopAndGoOn(Seen* seen) {
  Scenario on_demand(seen, OnDemandPipeline());
  on_demand.Begin();
  on_demand.End(on_demand.Take());
  on_demand.End(on_demand.Take());
  on_demand.Begin();
  Scenario drained(seen, Chain());
  drained.Begin();
  const Task task = drained.Take();
  drained.Stop(false);
  drained.Begin();
  drained.Stop(false);
  drained.End(task);
  drained.Ask(ObjectChange::kPause, {"Leaf"});
  drained.Ask(ObjectChange::kResume, {"Leaf"});
  drained.Begin();
  drained.Ask(ObjectChange::kPause, {"Leaf"});
  drained.Ask(ObjectChange::kResume, {"Leaf"});
}

// Root has finished, and Tick goes on.
void FinishOneOfTwo(Seen* seen) {
  Definition definition = WideCascade(0);
  AddObject(
      definition, "Daily",
      {{"type", "Schedule"}, {"period", "1 day"}, {"startDateTime", kStart}});
  AddObject(definition, "Tick",
            {{"type", "ShellCommandActivity"}, {"command", "true"}});
  Add(definition, "Tick", {"schedule", Ref("Daily")});
  const auto finish_root = [](Scenario& p) {
    p.Begin();
    p.End(p.Take());
    p.End(p.Take());
  };
  Scenario stopped(seen, definition);
  finish_root(stopped);
  stopped.Stop();
  Scenario paused(seen, definition);
  finish_root(paused);
  paused.Ask(ObjectChange::kPause, {"Root"});
  Scenario extended(seen, definition);
  finish_root(extended);
  Set(definition, "Once", {"occurrences", "2"});
  extended.Put(extended.id, definition);
  extended.Begin();
}

template <typename State>
void ExpectAll(absl::Span<const Transition<State>> table, const Changes& seen) {
  for (const Transition<State>& row : table) {
    const std::string from(row.from.has_value() ? ToString(*row.from) : "");
    EXPECT_TRUE(seen.contains({from, std::string(ToString(row.to))}))
        << from << " to " << ToString(row.to)
        << " does not happen: " << row.cause;
  }
}

TEST(Transitions, AllHappen) {
  Seen seen;
  RunChains(&seen);
  CheckPreconditions(&seen);
  UseResources(&seen);
  LoseCheckers(&seen);
  StopAndGoOn(&seen);
  FinishOneOfTwo(&seen);
  // These are not stored: a component has no row before its activation, and
  // what cannot be told to a runner fails in the commit in which it is ready.
  seen.components.emplace("", "PENDING");
  seen.runs[ObjectFamily::kActivity].emplace("WAITING_FOR_RUNNER", "FAILED");
  ExpectAll(PipelineTransitions(), seen.pipelines);
  ExpectAll(ComponentTransitions(), seen.components);
  for (const auto& [family, changes] : seen.runs) {
    ExpectAll(RunTransitions(family), changes);
  }
  EXPECT_EQ(seen.runs.size(), 4);
}

}  // namespace
}  // namespace holdline
