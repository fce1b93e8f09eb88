#include "server/settings/command_line.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class CommandLineTest : public ::testing::Test {
 protected:
  absl::StatusOr<Invocation> Read(const std::vector<std::string>& arguments) {
    return ReadCommandLine(arguments, [this](const char* name) {
      const auto variable = environment_.find(name);
      return variable == environment_.end() ? nullptr
                                            : variable->second.c_str();
    });
  }

  std::string Error(const std::vector<std::string>& arguments) {
    return std::string(Read(arguments).status().message());
  }

  // What is printed instead of serving.
  std::string Answer(const std::vector<std::string>& arguments) {
    const auto invocation = Read(arguments);
    return invocation.ok() ? invocation->answer.value_or("")
                           : std::string(invocation.status().message());
  }

  absl::Duration HoldMax(const std::vector<std::string>& arguments) {
    const auto invocation = Read(arguments);
    EXPECT_TRUE(invocation.ok()) << invocation.status();
    return invocation.ok() ? invocation->options.rpc.hold_max
                           : absl::ZeroDuration();
  }

  // Writes a settings file and returns its path.
  static std::string WriteFile(const std::string& text) {
    const std::string path =
        absl::StrCat(std::getenv("TEST_TMPDIR"), "/holdline.toml");
    std::ofstream(path) << text;
    return path;
  }

  std::map<std::string, std::string> environment_;
};

TEST_F(CommandLineTest, WithoutArgumentsTheDefaultsHold) {
  const auto invocation = Read({});
  ASSERT_TRUE(invocation.ok()) << invocation.status();
  EXPECT_FALSE(invocation->answer.has_value());
  EXPECT_EQ(invocation->options.rpc.address, "127.0.0.1:7070");
  EXPECT_EQ(invocation->options.data_directory, "holdline-data");
}

TEST_F(CommandLineTest, ValuesFollowTheNameOrAnEqualsSign) {
  const auto invocation = Read({"--hold-max", "60s", "--data-dir=/a=b",
                                "--store=memory", "--metrics-address="});
  ASSERT_TRUE(invocation.ok()) << invocation.status();
  EXPECT_EQ(invocation->options.rpc.hold_max, absl::Seconds(60));
  EXPECT_EQ(invocation->options.data_directory, "/a=b");
  EXPECT_EQ(invocation->options.store, StoreKind::kMemory);
  EXPECT_EQ(invocation->options.metrics.address, "");
}

TEST_F(CommandLineTest, CommandLineOverEnvironmentOverFileOverDefault) {
  EXPECT_EQ(HoldMax({}), absl::Seconds(90));
  const std::string file = WriteFile("hold-max = \"10s\"\n");
  EXPECT_EQ(HoldMax({"--config", file}), absl::Seconds(10));
  environment_["HOLDLINE_HOLD_MAX"] = "20s";
  EXPECT_EQ(HoldMax({"--config", file}), absl::Seconds(20));
  EXPECT_EQ(HoldMax({"--hold-max", "30s", "--config", file}),
            absl::Seconds(30));
}

TEST_F(CommandLineTest, TheEnvironmentMayNameTheFile) {
  environment_["HOLDLINE_CONFIG"] = WriteFile("hold-max = \"10s\"\n");
  EXPECT_EQ(HoldMax({}), absl::Seconds(10));
}

TEST_F(CommandLineTest, ErrorsNameTheirPlaceTheOptionAndTheLimit) {
  EXPECT_EQ(Error({"--hold-max", "100s"}),
            "--hold-max: \"100s\" is out of range: it must be from 1ms to "
            "1m30s");
  EXPECT_THAT(Error({"--grpc-address", "everywhere:1"}),
              AllOf(StartsWith("--grpc-address: "), HasSubstr("HOST:PORT")));
  EXPECT_THAT(Error({"--log-format=xml"}), HasSubstr("one of text, json"));
  const std::string file = WriteFile("\nbatch-max = 0\n");
  EXPECT_THAT(Error({"--config", file}),
              AllOf(StartsWith(file), HasSubstr("line 2: batch-max: \"0\""),
                    HasSubstr("from 1 to 1000000")));
  environment_["HOLDLINE_INBOX_MAX"] = "many";
  EXPECT_THAT(Error({}), StartsWith("HOLDLINE_INBOX_MAX: \"many\" is not"));
}

TEST_F(CommandLineTest, WhatIsUnknownIsRefused) {
  EXPECT_THAT(Error({"--hold", "1s"}), HasSubstr("there is no option --hold"));
  EXPECT_THAT(Error({"serve"}), HasSubstr("there is no option serve"));
  EXPECT_THAT(Error({"--config", WriteFile("hold = \"1s\"")}),
              HasSubstr("line 1: there is no option hold"));
  EXPECT_THAT(Error({"--config", WriteFile("config = \"x\"")}),
              HasSubstr("there is no option config"));
}

TEST_F(CommandLineTest, WhatIsMissingIsNamed) {
  EXPECT_THAT(Error({"--hold-max"}), StartsWith("--hold-max: "));
  EXPECT_THAT(Error({"--config", "/nowhere/at/all"}),
              HasSubstr("cannot read the file \"/nowhere/at/all\""));
  EXPECT_THAT(Error({"--data-dir", ""}), HasSubstr("must not be empty"));
}

TEST_F(CommandLineTest, AKeyForAlarmsIsReadByItsOwnersOnlyAndNeverShown) {
  const std::string key = WriteFile("a key that is kept to oneself\n");
  const std::vector<std::string> arguments = {
      "--alarm-webhook-url=https://a.example/b?c", "--alarm-webhook-key-file",
      key, "--print-config"};
  ASSERT_EQ(chmod(key.c_str(), 0644), 0);
  EXPECT_THAT(Error(arguments), AllOf(StartsWith("--alarm-webhook-key-file: "),
                                      HasSubstr("chmod 600")));
  ASSERT_EQ(chmod(key.c_str(), 0600), 0);
  const std::string printed = Answer(arguments);
  EXPECT_THAT(printed, HasSubstr(absl::StrCat("-key-file = \"", key, "\"")));
  EXPECT_THAT(printed, Not(HasSubstr("kept to oneself")));
  EXPECT_THAT(Error({"--alarm-webhook-url", "ftp://a.example"}),
              StartsWith("--alarm-webhook-url: it must begin with https://"));
}

TEST_F(CommandLineTest, TheLimitsOfPipelinesAreThoseOfThePlanner) {
  const auto invocation =
      Read({"--pipelines-max=7", "--objects-max=200", "--backfill-max=24h",
            "--schedule-period-min", "1 minute", "--retry-delay-min=2 minutes",
            "--allow-unknown-types=yes", "--pipeline-history-retention=inf"});
  ASSERT_TRUE(invocation.ok()) << invocation.status();
  const EngineOptions& engine = invocation->options.engine;
  EXPECT_EQ(engine.planner.pipelines_max, 7);
  EXPECT_EQ(engine.pipeline_history_retention, absl::InfiniteDuration());
  const ValidationLimits& limits = engine.planner.limits;
  EXPECT_EQ(limits.objects_max, 200);
  EXPECT_EQ(limits.backfill_max, absl::Hours(24));
  EXPECT_EQ(ToString(limits.period_min), "1 minute");
  EXPECT_EQ(ToString(limits.retry_delay_min), "2 minutes");
  EXPECT_TRUE(limits.allow_unknown_types);
}

TEST_F(CommandLineTest, WithoutThemDefinitionsOfAwsAreTakenAsTheyAre) {
  EXPECT_THAT(Answer({"--print-config"}),
              AllOf(HasSubstr("\nbackfill-max = \"inf\"\n"),
                    HasSubstr("\nretry-delay-min = \"1 minute\"\n"),
                    HasSubstr("\nschedule-period-min = \"15 minutes\"\n"),
                    HasSubstr("\nobjects-max = 100\n"),
                    HasSubstr("\nallow-unknown-types = \"no\"\n")));
}

TEST_F(CommandLineTest, AFileSetsNothingTwice) {
  EXPECT_THAT(Error({"--config", WriteFile("batch-max=1\nbatch-max=2")}),
              HasSubstr("line 2: "));
}

TEST_F(CommandLineTest, OptionsMustFitTogether) {
  EXPECT_THAT(Error({"--store-retry-max", "1ms"}),
              HasSubstr("store-retry-max must not be shorter"));
  EXPECT_THAT(Error({"--connection-age-grace", "10s"}),
              HasSubstr("connection-age-grace must not be shorter"));
  EXPECT_THAT(Error({"--http-call-timeout", "90s"}),
              HasSubstr("http-call-timeout must be longer"));
  EXPECT_THAT(Error({"--payload-max", "24MiB"}),
              HasSubstr("payload-max must be smaller than message-max"));
  EXPECT_THAT(Error({"--drain-timeout", "0"}),
              HasSubstr("drain-timeout must not be shorter"));
  EXPECT_THAT(Error({"--schedule-period-max", "1 minute"}),
              HasSubstr("schedule-period-max must not be shorter"));
  EXPECT_THAT(Error({"--alarm-webhook-url", "https://a.example/"}),
              HasSubstr("alarm-webhook-key-file go together"));
  EXPECT_THAT(Error({"--tls-certificate-file", "/a.pem"}),
              HasSubstr("tls-private-key-file go together"));
  EXPECT_THAT(Error({"--tls-client-authorities-file", "/a.pem"}),
              HasSubstr("needs tls-certificate-file"));
  EXPECT_THAT(Error({"--credentials-key-file", "/a.key"}),
              HasSubstr("needs credentials-file"));
}

TEST_F(CommandLineTest, HelpExplainsEveryOptionAndFitsTheTerminal) {
  const std::string help = Answer({"--help"});
  Options options;
  for (const SettingGroup& group : SettingsOf(&options)) {
    EXPECT_THAT(help, HasSubstr(group.heading));
    for (const Setting& setting : group.settings) {
      EXPECT_THAT(help, HasSubstr(absl::StrCat("--", setting.name, " ",
                                               setting.placeholder, "\n")));
    }
  }
  for (const absl::string_view line : absl::StrSplit(help, '\n')) {
    EXPECT_LE(line.size(), 80) << line;
  }
}

TEST_F(CommandLineTest, HelpIsGivenWhateverElseIsWrong) {
  environment_["HOLDLINE_INBOX_MAX"] = "many";
  EXPECT_THAT(Answer({"-h"}), StartsWith("holdline-server is a task broker"));
  EXPECT_THAT(Answer({"--version"}), StartsWith("holdline-server "));
}

TEST_F(CommandLineTest, DefaultsAreWithinTheirOwnLimits) {
  Options options;
  for (const SettingGroup& group : SettingsOf(&options)) {
    for (const Setting& setting : group.settings) {
      const std::string value = setting.get();
      EXPECT_TRUE(setting.set(value).ok()) << setting.set(value);
      EXPECT_EQ(setting.get(), value);
    }
  }
}

TEST_F(CommandLineTest, ThePrintedConfigurationIsAFileThatSaysTheSame) {
  const std::string printed =
      Answer({"--hold-max", "60s", "--data-dir", "a \"b\"", "--print-config"});
  EXPECT_THAT(printed, HasSubstr("\nhold-max = \"1m\"\n"));
  EXPECT_THAT(printed, HasSubstr("\nbatch-max = 4096\n"));
  EXPECT_EQ(Answer({"--config", WriteFile(printed), "--print-config"}),
            printed);
}

// A configuration that stays must not accept what happens later.
TEST_F(CommandLineTest, OnlyTheCommandLineAcceptsALossOrCompacts) {
  for (const std::string& name :
       {std::string("accept-loss"), std::string("compact")}) {
    environment_ = {{"HOLDLINE_ACCEPT_LOSS", "yes"},
                    {"HOLDLINE_COMPACT", "yes"}};
    const Options unasked = Read({})->options;
    EXPECT_FALSE(unasked.accept_loss || unasked.compact);
    EXPECT_THAT(Error({"--config", WriteFile(name + " = \"yes\"")}),
                HasSubstr("there is no option " + name));
    const Options asked = Read({"--" + name})->options;
    EXPECT_EQ(asked.accept_loss, name == "accept-loss");
    EXPECT_EQ(asked.compact, name == "compact");
  }
}

}  // namespace
}  // namespace holdline
