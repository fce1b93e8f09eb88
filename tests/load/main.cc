// Measures the broker beside gRPC itself: the servers take turns, several
// times, and the medians and ratios are printed. tests/load/run calls it.

#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "tests/load/backfill.h"
#include "tests/load/cascades.h"
#include "tests/load/disk.h"
#include "tests/load/json_polls.h"
#include "tests/load/report.h"

namespace holdline::load {
namespace {

constexpr int kSharedConnections = 4;

struct Plan {
  int rounds = 5;
  absl::Duration life_cycles_time = absl::Seconds(3);
  int wakes = 400;
  int round_trips = 2000;
  int syncs = 400;
  ParkedShape parked{10000, 100, absl::Seconds(3), 200};
  BackfillShape backfill{1000, 400};
  CascadesShape cascades{100, absl::Milliseconds(50), 2000};
  CascadesShape long_cascades{1000, absl::Milliseconds(250), 2000};
  absl::Duration json_polls_time = absl::Seconds(2);
};

// As little as shows that everything works.
Plan QuickPlan() {
  return {1,
          absl::Milliseconds(300),
          20,
          50,
          20,
          ParkedShape{200, 4, absl::Milliseconds(200), 20},
          BackfillShape{20, 20},
          CascadesShape{10, absl::Milliseconds(20), 20},
          CascadesShape{100, absl::Milliseconds(20), 20},
          absl::Milliseconds(200)};
}

struct Arguments {
  Places places;
  std::string json;
  int rounds = 0;
  bool quick = false;
};

void DefineOptions(CLI::App& app, Arguments& arguments) {
  arguments.places.directory = "/var/tmp";
  app.add_option("--server", arguments.places.server, "The broker's program")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--raw-server", arguments.places.raw_server,
                 "The raw server's program")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--echo-server", arguments.places.echo_server,
                 "The echo server's program")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--directory", arguments.places.directory,
                 "A folder on the disk to be measured")
      ->check(CLI::ExistingDirectory)
      ->capture_default_str();
  app.add_option("--rounds", arguments.rounds,
                 "How often everything is measured (default: 5)")
      ->check(CLI::Range(1, 100));
  app.add_option("--json", arguments.json,
                 "Where to write the figures as JSON");
  app.add_flag("--quick", arguments.quick,
               "Only shows in seconds that everything works");
}

// Measures one server, if all went well until now.
class Measurer {
 public:
  Measurer(const Places& places, const Plan& plan)
      : places_(places), plan_(plan) {}

  absl::StatusOr<Round> MeasureRound(bool raw_first) {
    Round round;
    std::vector<std::pair<Subject, SubjectFigures*>> turns = {
        {Subject::kBroker, &round.broker}, {Subject::kRaw, &round.raw}};
    if (raw_first) std::swap(turns[0], turns[1]);
    for (const auto& [subject, figures] : turns) {
      Keep(
          MeasureLifeCycles(places_, subject, kCallers, plan_.life_cycles_time),
          &figures->own_connections);
    }
    for (const auto& [subject, figures] : turns) {
      Keep(MeasureLifeCycles(places_, subject, kSharedConnections,
                             plan_.life_cycles_time),
           &figures->shared_connections);
    }
    Keep(MeasureSyncs(places_.directory, plan_.syncs), &round.sync);
    Keep(MeasureRoundTrips(places_, plan_.round_trips), &round.round_trip);
    for (const auto& [subject, figures] : turns) {
      Keep(MeasureParkedCalls(places_, subject,
                              {1, 1, absl::ZeroDuration(), plan_.wakes}),
           &figures->alone);
    }
    for (const auto& [subject, figures] : turns) {
      Keep(MeasureParkedCalls(places_, subject, plan_.parked), &figures->many);
    }
    Keep(MeasureBackfill(places_, plan_.backfill), &round.backfill);
    Keep(MeasureCascades(places_, plan_.cascades), &round.cascades);
    Keep(MeasureCascades(places_, plan_.long_cascades), &round.long_cascades);
    Keep(MeasureJsonPolls(places_, plan_.json_polls_time), &round.json_polls);
    if (!status_.ok()) return status_;
    return round;
  }

 private:
  template <typename Figures>
  void Keep(const absl::StatusOr<Figures>& measured, Figures* figures) {
    if (measured.ok()) {
      *figures = *measured;
    } else {
      status_.Update(measured.status());
    }
  }

  const Places places_;
  const Plan plan_;
  absl::Status status_;
};

absl::StatusOr<std::vector<Round>> MeasureAll(const Arguments& arguments) {
  Plan plan = arguments.quick ? QuickPlan() : Plan();
  if (arguments.rounds > 0) plan.rounds = arguments.rounds;
  const absl::Status status = KeepAnswers(arguments.places);
  if (!status.ok()) return status;
  Measurer measurer(arguments.places, plan);
  std::vector<Round> rounds;
  for (int i = 0; i < plan.rounds; ++i) {
    std::fprintf(stderr, "Round %d of %d\n", i + 1, plan.rounds);
    const absl::StatusOr<Round> round = measurer.MeasureRound(i % 2 == 1);
    if (!round.ok()) return round.status();
    rounds.push_back(*round);
  }
  return rounds;
}

// Makes a folder of our own in `directory`, and returns its path.
absl::StatusOr<std::string> MakeDirectory(const std::string& directory) {
  std::string path = absl::StrCat(directory, "/holdline-load-XXXXXX");
  if (mkdtemp(path.data()) == nullptr) {
    return absl::ErrnoToStatus(
        errno, absl::StrCat("cannot make a folder in ", directory));
  }
  if (IsInMemory(path)) {
    std::fprintf(stderr,
                 "Note: %s is kept in memory only; --directory names another "
                 "folder.\n",
                 directory.c_str());
  }
  return path;
}

absl::Status Report(const Arguments& arguments,
                    const std::vector<Round>& rounds) {
  std::fputs(TableOf(rounds).c_str(), stdout);
  if (arguments.json.empty()) return absl::OkStatus();
  std::ofstream file(arguments.json);
  file << JsonOf(rounds) << "\n";
  file.close();
  if (file.fail()) {
    return absl::UnavailableError(
        absl::StrCat("cannot write ", arguments.json));
  }
  return absl::OkStatus();
}

absl::Status Measure(Arguments arguments) {
  absl::StatusOr<std::string> directory =
      MakeDirectory(arguments.places.directory);
  if (!directory.ok()) return directory.status();
  arguments.places.directory = *directory;
  const absl::StatusOr<std::vector<Round>> rounds = MeasureAll(arguments);
  std::error_code ignored;
  std::filesystem::remove_all(*directory, ignored);
  return rounds.ok() ? Report(arguments, *rounds) : rounds.status();
}

int Main(int argc, char** argv) {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);

  CLI::App app("Measures the broker beside gRPC itself.");
  Arguments arguments;
  DefineOptions(app, arguments);
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Measure(std::move(arguments));
  if (status.ok()) return EXIT_SUCCESS;
  std::fprintf(stderr, "tests/load: %s\n",
               std::string(status.message()).c_str());
  return EXIT_FAILURE;
}

}  // namespace
}  // namespace holdline::load

int main(int argc, char** argv) { return holdline::load::Main(argc, argv); }
