#include "tests/load/report.h"

#include <functional>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "boost/json.hpp"

namespace holdline::load {
namespace {

using Figure = std::function<double(const Round&)>;

// What a measure is to reach.
struct Target {
  enum class Of { kRatio, kBroker } of;
  enum class Bound { kAtLeast, kAtMost, kBelow } bound;
  double value;
};

struct Measure {
  std::string name;
  int decimals;
  Figure broker;  // null if gRPC or the disk is measured alone
  Figure raw;     // null if the broker is
  std::optional<Target> target;
};

std::optional<Target> AtLeast(double ratio) {
  return Target{Target::Of::kRatio, Target::Bound::kAtLeast, ratio};
}

std::optional<Target> AtMost(double ratio) {
  return Target{Target::Of::kRatio, Target::Bound::kAtMost, ratio};
}

// What a wake is measured by: a submission and an answer, and a commit between
// them.
double WakeMeasure(const Round& round) {
  return 2 * round.round_trip.p50_milliseconds + round.sync.p50_milliseconds;
}

// A measure of the same figure of both servers.
Measure Of(std::string name, int decimals,
           const std::function<double(const SubjectFigures&)>& figure,
           std::optional<Target> target = std::nullopt) {
  return {std::move(name), decimals,
          [figure](const Round& round) { return figure(round.broker); },
          [figure](const Round& round) { return figure(round.raw); }, target};
}

void AddLifeCycles(const std::string& connections,
                   LifeCycleFigures SubjectFigures::*member,
                   std::vector<Measure>* measures) {
  measures->push_back(Of(
      absl::StrCat("life cycles/s, ", connections), 0,
      [=](const SubjectFigures& of) { return (of.*member).per_second; },
      AtLeast(0.45)));
  measures->push_back(
      Of("  server CPU us each", 1, [=](const SubjectFigures& of) {
        return (of.*member).server_cpu_microseconds;
      }));
  measures->push_back(
      Of("  client CPU us each", 1, [=](const SubjectFigures& of) {
        return (of.*member).client_cpu_microseconds;
      }));
}

void AddWakes(std::vector<Measure>* measures) {
  measures->push_back(
      {"wake p50 ms *", 3,
       [](const Round& of) { return of.broker.alone.wake.p50_milliseconds; },
       WakeMeasure, AtMost(1)});
  measures->push_back(
      {"wake p99 ms *", 3,
       [](const Round& of) { return of.broker.alone.wake.p99_milliseconds; },
       WakeMeasure, AtMost(3)});
  measures->push_back(Of(
      "wake p50 ms, beside a raw wake", 3,
      [](const SubjectFigures& of) { return of.alone.wake.p50_milliseconds; }));
  measures->push_back(Of(
      "wake p99 ms, beside a raw wake", 3,
      [](const SubjectFigures& of) { return of.alone.wake.p99_milliseconds; }));
  measures->push_back(
      {"  round trip p50 ms", 3, nullptr,
       [](const Round& of) { return of.round_trip.p50_milliseconds; },
       std::nullopt});
  measures->push_back(
      {"  round trip p99 ms", 3, nullptr,
       [](const Round& of) { return of.round_trip.p99_milliseconds; },
       std::nullopt});
  measures->push_back({"  fdatasync p50 ms", 3, nullptr,
                       [](const Round& of) { return of.sync.p50_milliseconds; },
                       std::nullopt});
}

void AddParkedCalls(std::vector<Measure>* measures) {
  measures->push_back(Of(
      "bytes for each parked call", 0,
      [](const SubjectFigures& of) { return of.many.bytes_per_call; },
      AtMost(1.25)));
  measures->push_back(Of(
      "  idle CPU, % of a core", 2,
      [](const SubjectFigures& of) { return of.many.idle_cpu_percent; },
      Target{Target::Of::kBroker, Target::Bound::kBelow, 1}));
  measures->push_back(Of(
      "  wake p50 ms among them", 3,
      [](const SubjectFigures& of) { return of.many.wake.p50_milliseconds; }));
  measures->push_back(Of(
      "  wake p99 ms among them", 3,
      [](const SubjectFigures& of) { return of.many.wake.p99_milliseconds; }));
}

void AddBackfill(std::vector<Measure>* measures) {
  measures->push_back(
      {"wake p50 ms in a backfill **", 3,
       [](const Round& of) { return of.backfill.meanwhile.p50_milliseconds; },
       [](const Round& of) { return of.backfill.at_rest.p50_milliseconds; },
       AtMost(2)});
  measures->push_back(
      {"wake p99 ms in a backfill **", 3,
       [](const Round& of) { return of.backfill.meanwhile.p99_milliseconds; },
       [](const Round& of) { return of.backfill.at_rest.p99_milliseconds; },
       AtMost(2)});
  measures->push_back(
      {"  instances made per second", 0,
       [](const Round& of) { return of.backfill.instances_per_second; },
       nullptr, std::nullopt});
}

void AddCascades(const std::string& name, CascadesFigures Round::*cascades,
                 std::vector<Measure>* measures) {
  measures->push_back(
      {absl::StrCat("wake p50 ms in ", name, " **"), 3,
       [=](const Round& of) {
         return (of.*cascades).meanwhile.p50_milliseconds;
       },
       [=](const Round& of) { return (of.*cascades).at_rest.p50_milliseconds; },
       AtMost(2)});
  measures->push_back(
      {absl::StrCat("wake p99 ms in ", name, " **"), 3,
       [=](const Round& of) {
         return (of.*cascades).meanwhile.p99_milliseconds;
       },
       [=](const Round& of) { return (of.*cascades).at_rest.p99_milliseconds; },
       std::nullopt});
  measures->push_back(
      {"  the call that failed it, p50 ms", 3,
       [=](const Round& of) { return (of.*cascades).failing.p50_milliseconds; },
       nullptr, std::nullopt});
}

// What a poll costs beyond its way over gRPC is the gateway's.
void AddJsonPolls(std::vector<Measure>* measures) {
  const auto echo = [](const Round& of) {
    return of.json_polls.echo.server_cpu_microseconds;
  };
  measures->push_back(
      {"signed JSON polls/s ***", 0,
       [](const Round& of) { return of.json_polls.json.per_second; },
       [](const Round& of) { return of.json_polls.echo.per_second; },
       std::nullopt});
  measures->push_back(
      {"  polls/s over gRPC", 0,
       [](const Round& of) { return of.json_polls.grpc.per_second; }, nullptr,
       std::nullopt});
  measures->push_back({"  server CPU us each", 1,
                       [](const Round& of) {
                         return of.json_polls.json.server_cpu_microseconds;
                       },
                       echo, std::nullopt});
  measures->push_back({"  server CPU us over gRPC", 1,
                       [](const Round& of) {
                         return of.json_polls.grpc.server_cpu_microseconds;
                       },
                       echo, std::nullopt});
  measures->push_back({"  CPU us of the gateway", 1,
                       [](const Round& of) {
                         return of.json_polls.json.server_cpu_microseconds -
                                of.json_polls.grpc.server_cpu_microseconds;
                       },
                       echo, AtMost(3)});
}

std::vector<Measure> Measures() {
  std::vector<Measure> measures;
  AddLifeCycles("own connections", &SubjectFigures::own_connections, &measures);
  AddLifeCycles("shared connections", &SubjectFigures::shared_connections,
                &measures);
  AddWakes(&measures);
  AddParkedCalls(&measures);
  AddBackfill(&measures);
  AddCascades("cascades of 100", &Round::cascades, &measures);
  AddCascades("cascades of 1,000", &Round::long_cascades, &measures);
  AddJsonPolls(&measures);
  return measures;
}

std::vector<double> Each(const std::vector<Round>& rounds,
                         const Figure& figure) {
  std::vector<double> values;
  for (const Round& round : rounds) values.push_back(figure(round));
  return values;
}

double Median(const std::vector<Round>& rounds, const Figure& figure) {
  return Quantile(Each(rounds, figure), 0.5);
}

// The servers take turns: those of one round had the same weather.
double MedianRatio(const std::vector<Round>& rounds, const Measure& measure) {
  return Median(rounds, [&](const Round& round) {
    const double raw = measure.raw(round);
    return raw == 0 ? 0 : measure.broker(round) / raw;
  });
}

std::string TextOf(const Target& target) {
  static constexpr const char* kBounds[] = {">=", "<=", "<"};
  return absl::StrCat(kBounds[static_cast<int>(target.bound)], " ",
                      target.value,
                      target.of == Target::Of::kBroker ? " itself" : "");
}

bool IsMet(const std::vector<Round>& rounds, const Measure& measure) {
  const Target& target = *measure.target;
  const double value = target.of == Target::Of::kBroker
                           ? Median(rounds, measure.broker)
                           : MedianRatio(rounds, measure);
  switch (target.bound) {
    case Target::Bound::kAtLeast:
      return value >= target.value;
    case Target::Bound::kAtMost:
      return value <= target.value;
    case Target::Bound::kBelow:
      return value < target.value;
  }
  return false;
}

std::string Line(const std::string& name, const std::string& broker,
                 const std::string& raw, const std::string& ratio,
                 const std::string& target, const std::string& met) {
  return absl::StrFormat("%-34s %9s %9s %7s  %-11s %s\n", name, broker, raw,
                         ratio, target, met);
}

std::string LineOf(const std::vector<Round>& rounds, const Measure& measure) {
  const auto text = [&](const Figure& figure) {
    return figure == nullptr ? std::string()
                             : absl::StrFormat("%.*f", measure.decimals,
                                               Median(rounds, figure));
  };
  const std::string broker = text(measure.broker);
  const std::string raw = text(measure.raw);
  if (broker.empty() || raw.empty()) {
    return Line(measure.name, broker, raw, "", "", "");
  }
  return Line(measure.name, broker, raw,
              absl::StrFormat("%.2f", MedianRatio(rounds, measure)),
              measure.target.has_value() ? TextOf(*measure.target) : "",
              !measure.target.has_value() ? ""
              : IsMet(rounds, measure)    ? "yes"
                                          : "no");
}

boost::json::object ObjectOf(const std::vector<Round>& rounds,
                             const Measure& measure) {
  boost::json::object object;
  object["measure"] = measure.name.substr(measure.name.find_first_not_of(' '));
  const auto add = [&](const std::string& name, const Figure& figure) {
    if (figure == nullptr) return;
    object[name] = Median(rounds, figure);
    object[name + "Rounds"] = boost::json::value_from(Each(rounds, figure));
  };
  add("raw", measure.raw);
  add("broker", measure.broker);
  if (measure.broker == nullptr || measure.raw == nullptr) return object;
  object["ratio"] = MedianRatio(rounds, measure);
  if (!measure.target.has_value()) return object;
  object["target"] = TextOf(*measure.target);
  object["met"] = IsMet(rounds, measure);
  return object;
}

}  // namespace

std::string TableOf(const std::vector<Round>& rounds) {
  std::string table =
      Line("measure", "broker", "raw", "ratio", "target", "met");
  for (const Measure& measure : Measures()) {
    table += LineOf(rounds, measure);
  }
  return absl::StrCat(
      table, "* beside 2 raw round trips and 1 fdatasync, p50 of each\n",
      "** beside the same broker at rest\n",
      "*** beside Boost.Beast alone, which sends the request's body back\n");
}

std::string JsonOf(const std::vector<Round>& rounds) {
  boost::json::array measures;
  for (const Measure& measure : Measures()) {
    measures.push_back(ObjectOf(rounds, measure));
  }
  int64_t submitted = 0;
  int64_t finished = 0;
  for (const Round& round : rounds) {
    for (const SubjectFigures* subject : {&round.broker, &round.raw}) {
      for (const LifeCycleFigures* figures :
           {&subject->own_connections, &subject->shared_connections}) {
        submitted += figures->submitted;
        finished += figures->finished;
      }
    }
  }
  boost::json::object object;
  object["rounds"] = rounds.size();
  object["tasksSubmitted"] = submitted;
  object["tasksFinished"] = finished;
  object["measures"] = std::move(measures);
  return boost::json::serialize(object);
}

}  // namespace holdline::load
