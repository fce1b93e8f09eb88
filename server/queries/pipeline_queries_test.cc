#include "server/queries/pipeline_queries.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "server/base/error_reason.h"
#include "server/pipeline/testing/sample_definitions.h"
#include "server/queries/stored_pipeline_harness.h"

namespace holdline {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr char kInstance[] = "@SayHello_2012-12-12T00:00:00";
constexpr char kAttempt[] = "@SayHello_2012-12-12T00:00:00_Attempt=1";

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message))
      << text;
  return message;
}

// A field as `key=value`, or `key->ref`.
std::vector<std::string> Flatten(const v1::PipelineObject& object) {
  std::vector<std::string> fields;
  for (const v1::Field& field : object.fields()) {
    fields.push_back(field.key() + (field.has_ref_value()
                                        ? "->" + field.ref_value()
                                        : "=" + field.string_value()));
  }
  return fields;
}

class PipelineQueries : public testing::Test {
 protected:
  PipelineQueries() {
    stored_.Save(HelloPipeline());
    Instance instance = stored_.NewInstance("2012-12-12T00:00:00", 1);
    instance.status = RunStatus::kRunning;
    instance.attempts = 1;
    instance.retries_left = 2;
    stored_.Put(instance);
    Attempt attempt;
    attempt.key = {instance.key, 1};
    attempt.status = RunStatus::kRunning;
    attempt.ready_at = instance.created_at;
    attempt.hostname = "host";
    attempt.instance_arn = "arn:host";
    attempt.progress =
        Parse<v1::PipelineObject>(
            R"pb(fields { key: "percentComplete" string_value: "50" })pb")
            .SerializeAsString();
    stored_.Put(attempt);
  }

  template <typename Input>
  auto Ask(const std::string& text,
           const Principal& caller = StoredPipeline::administrator()) {
    return stored_.Ask(Parse<Input>(text), caller);
  }

  // The same, for what must succeed.
  template <typename Input>
  auto Answer(const std::string& text) {
    auto output = Ask<Input>(text);
    EXPECT_TRUE(output.ok()) << output.status();
    typename decltype(output)::value_type none;
    return output.ok() ? *output : none;
  }

  v1::PipelineObject DescribeOne(const std::string& id, bool evaluated) {
    const auto output = Answer<v1::DescribeObjectsInput>(
        absl::StrCat("pipeline_id: 'df-1' object_ids: '", id,
                     "' evaluate_expressions: ", evaluated));
    EXPECT_EQ(output.pipeline_objects_size(), 1);
    EXPECT_TRUE(output.has_has_more_results());
    return output.pipeline_objects_size() == 1 ? output.pipeline_objects(0)
                                               : v1::PipelineObject();
  }

  StoredPipeline stored_;
};

TEST_F(PipelineQueries, PipelinesAreListedInTheOrderOfTheirCreation) {
  PipelineBatch batch;
  for (int i = 2; i <= 201; ++i) {
    PipelineRecord record = stored_.record();
    record.number = PipelineNumber{static_cast<uint64_t>(i)};
    record.id = absl::StrCat("df-", i);
    record.unique_id = record.id;
    batch.pipelines.push_back(record);
  }
  stored_.Commit(std::move(batch));
  std::vector<std::string> ids;
  std::string marker;
  int pages = 0;
  bool more = true;
  while (more && pages < 10) {
    const auto output =
        Answer<v1::ListPipelinesInput>(absl::StrCat("marker: '", marker, "'"));
    for (const auto& listed : output.pipeline_id_list()) {
      EXPECT_EQ(listed.name(), "hello");
      ids.push_back(listed.id());
    }
    EXPECT_TRUE(output.has_has_more_results());
    more = output.has_more_results();
    EXPECT_EQ(more, output.has_marker());
    EXPECT_NE(output.marker(), marker);
    marker = output.marker();
    ++pages;
  }
  EXPECT_EQ(pages, 3);
  ASSERT_THAT(ids, SizeIs(201));
  EXPECT_EQ(ids.front(), "df-1");
  EXPECT_EQ(ids.back(), "df-201");
}

TEST_F(PipelineQueries, AFullLastPageHasNoMarker) {
  PipelineBatch batch;
  for (int i = 2; i <= 100; ++i) {
    PipelineRecord record = stored_.record();
    record.number = PipelineNumber{static_cast<uint64_t>(i)};
    record.id = absl::StrCat("df-", i);
    batch.pipelines.push_back(record);
  }
  stored_.Commit(std::move(batch));
  const auto output = Answer<v1::ListPipelinesInput>("");
  EXPECT_EQ(output.pipeline_id_list_size(), 100);
  EXPECT_FALSE(output.has_more_results());
  EXPECT_FALSE(output.has_marker());
}

TEST_F(PipelineQueries, AnotherAccountHasOtherPipelines) {
  Principal other = StoredPipeline::administrator();
  other.account = {"other"};
  EXPECT_EQ(Ask<v1::ListPipelinesInput>("", other)->pipeline_id_list_size(), 0);
  EXPECT_EQ(
      NamedReason(Ask<v1::DescribePipelinesInput>("pipeline_ids: 'df-1'", other)
                      .status()),
      "PipelineNotFoundException");
}

TEST_F(PipelineQueries, EveryQuestionKnowsUnknownAndDeletedPipelines) {
  const auto reasons = [this](const std::string& id) {
    const std::string pipeline = absl::StrCat("pipeline_id: '", id, "' ");
    return std::vector<std::string>{
        NamedReason(Ask<v1::DescribePipelinesInput>(
                        "pipeline_ids: 'df-1' pipeline_ids: '" + id + "'")
                        .status()),
        NamedReason(Ask<v1::GetPipelineDefinitionInput>(pipeline).status()),
        NamedReason(Ask<v1::DescribeObjectsInput>(pipeline).status()),
        NamedReason(Ask<v1::QueryObjectsInput>(pipeline + "sphere: 'ATTEMPT'")
                        .status()),
        NamedReason(Ask<v1::EvaluateExpressionInput>(
                        pipeline + "object_id: 'Schedule' expression: ''")
                        .status())};
  };
  EXPECT_THAT(reasons("df-2"),
              testing::Each(std::string("PipelineNotFoundException")));
  PipelineRecord deleted = stored_.record();
  deleted.number = PipelineNumber{2};
  deleted.id = "df-2";
  PipelineBatch batch;
  batch.pipelines = {deleted};
  stored_.Commit(batch);
  PipelineRecord tombstone;
  tombstone.number = deleted.number;
  tombstone.id = deleted.id;
  tombstone.account = deleted.account;
  tombstone.state = PipelineState::kDeleted;
  batch.pipelines = {tombstone};
  stored_.Commit(batch);
  EXPECT_THAT(reasons("df-2"),
              testing::Each(std::string("PipelineDeletedException")));
  EXPECT_EQ(Answer<v1::ListPipelinesInput>("").pipeline_id_list_size(), 1);
}

TEST_F(PipelineQueries, PipelinesAreDescribedInTheOrderOfTheRequest) {
  PipelineRecord other = stored_.record();
  other.number = PipelineNumber{2};
  other.id = "df-2";
  PipelineBatch batch;
  batch.pipelines = {other};
  stored_.Commit(std::move(batch));
  const auto output = Answer<v1::DescribePipelinesInput>(
      "pipeline_ids: 'df-2' pipeline_ids: 'df-1' pipeline_ids: 'df-2'");
  ASSERT_EQ(output.pipeline_description_list_size(), 3);
  EXPECT_EQ(output.pipeline_description_list(0).pipeline_id(), "df-2");
  EXPECT_EQ(output.pipeline_description_list(1).pipeline_id(), "df-1");
  EXPECT_EQ(output.pipeline_description_list(2).pipeline_id(), "df-2");
}

TEST_F(PipelineQueries, ADefinitionIsReturnedAsUploadedInEitherVersion) {
  Definition edited = HelloPipeline();
  Set(edited, "SayHello", {"command", "true"});
  stored_.Save(edited, /*activate=*/false);
  const auto command = [this](const std::string& version) {
    return Flatten(Answer<v1::GetPipelineDefinitionInput>(
                       absl::StrCat("pipeline_id: 'df-1' ", version))
                       .pipeline_objects(2));
  };
  EXPECT_THAT(command(""), ElementsAre("type=ShellCommandActivity",
                                       "command=true", "schedule->Schedule"));
  EXPECT_EQ(command("version: 'LATEST'"), command(""));
  EXPECT_THAT(command("version: 'active'"),
              Contains("command=echo hello #{@scheduledStartTime}"));
  EXPECT_TRUE(absl::IsInvalidArgument(
      Ask<v1::GetPipelineDefinitionInput>("pipeline_id: 'df-1' version: ''")
          .status()));
}

TEST_F(PipelineQueries, WithoutADefinitionThereAreNoObjects) {
  StoredPipeline empty;
  for (const char* version : {"latest", "active"}) {
    v1::GetPipelineDefinitionInput input;
    input.set_pipeline_id("df-1");
    input.set_version(version);
    const auto output = empty.Ask(input);
    ASSERT_TRUE(output.ok()) << output.status();
    EXPECT_EQ(output->ByteSizeLong(), 0u);
  }
}

TEST_F(PipelineQueries, AComponentIsShownAsUploadedWithItsImpliedParent) {
  const v1::PipelineObject object = DescribeOne("SayHello", false);
  EXPECT_EQ(object.name(), "SayHello");
  EXPECT_THAT(
      Flatten(object),
      AllOf(Contains("command=echo hello #{@scheduledStartTime}"),
            Contains("schedule->Schedule"), Contains("parent->Default"),
            Contains("@sphere=COMPONENT"), Contains("@status=SCHEDULED"),
            Contains("@version=1"), Contains("@pipelineId=df-1"),
            Contains(absl::StrCat("@activeInstances->", kInstance))));
}

TEST_F(PipelineQueries, AComponentKeepsWhatCannotBeEvaluated) {
  EXPECT_THAT(Flatten(DescribeOne("SayHello", true)),
              Contains("command=echo hello #{@scheduledStartTime}"));
}

TEST_F(PipelineQueries, ParametersAreShownAsUploadedUnlessEvaluated) {
  Definition definition = HelloPipeline();
  Set(definition, "SayHello", {"command", "echo #{myWord}"});
  definition.values = {{"myWord", "hi"}};
  stored_.Save(definition, /*activate=*/false);
  EXPECT_THAT(
      Flatten(DescribeOne("SayHello", false)),
      AllOf(Contains("command=echo #{myWord}"), Contains("@version=2")));
  EXPECT_THAT(Flatten(DescribeOne("SayHello", true)),
              Contains("command=echo hi"));
}

TEST_F(PipelineQueries, AnInstanceIsShownWithWhatItInherits) {
  const v1::PipelineObject object = DescribeOne(kInstance, false);
  EXPECT_EQ(object.id(), kInstance);
  EXPECT_EQ(object.name(), kInstance);
  EXPECT_THAT(Flatten(object),
              AllOf(Contains("@componentParent->SayHello"),
                    Contains("@sphere=INSTANCE"), Contains("@status=RUNNING"),
                    Contains("workerGroup=wg"),
                    Contains("@scheduledStartTime=2012-12-12T00:00:00"),
                    Contains("command=echo hello #{@scheduledStartTime}"),
                    Contains(absl::StrCat("@headAttempt->", kAttempt))));
  EXPECT_THAT(Flatten(DescribeOne(kInstance, true)),
              Contains("command=echo hello 2012-12-12T00:00:00"));
}

TEST_F(PipelineQueries, AnAttemptIsShownWithWhatItsRunnerReported) {
  for (const bool evaluated : {false, true}) {
    const v1::PipelineObject object = DescribeOne(kAttempt, evaluated);
    EXPECT_EQ(object.id(), kAttempt);
    EXPECT_THAT(Flatten(object),
                AllOf(Contains(absl::StrCat("@instanceParent->", kInstance)),
                      Contains("@sphere=ATTEMPT"), Contains("hostname=host"),
                      Contains("instanceArn=arn:host"),
                      Contains("percentComplete=50")));
  }
}

TEST_F(PipelineQueries, ObjectsOfAllKindsAreDescribedInOrder) {
  const auto output = Answer<v1::DescribeObjectsInput>(
      absl::StrCat("pipeline_id: 'df-1' object_ids: '", kAttempt,
                   "' object_ids: 'Schedule' object_ids: '", kInstance,
                   "' object_ids: 'Schedule'"));
  ASSERT_EQ(output.pipeline_objects_size(), 4);
  EXPECT_EQ(output.pipeline_objects(0).id(), kAttempt);
  EXPECT_EQ(output.pipeline_objects(1).id(), "Schedule");
  EXPECT_EQ(output.pipeline_objects(2).id(), kInstance);
  EXPECT_EQ(output.pipeline_objects(3).id(), "Schedule");
  EXPECT_FALSE(output.has_more_results());
}

TEST_F(PipelineQueries, AnUnknownObjectIsNamed) {
  for (const std::string id : {"Nobody", "@SayHello_2012-12-12T01:00:00",
                               "@SayHello_2012-12-12T00:00:00_Attempt=2",
                               "@Nobody_2012-12-12T00:00:00", "@SayHello"}) {
    const auto output = Ask<v1::DescribeObjectsInput>(absl::StrCat(
        "pipeline_id: 'df-1' object_ids: 'Schedule' object_ids: '", id, "'"));
    EXPECT_TRUE(absl::IsInvalidArgument(output.status())) << id;
    EXPECT_THAT(std::string(output.status().message()),
                HasSubstr(absl::StrCat("'", id, "'")));
  }
}

TEST_F(PipelineQueries, LargeObjectsComeInPages) {
  Instance instance = stored_.NewInstance("2012-12-12T01:00:00", 1);
  instance.failure.message = std::string(700 * 1024, 'm');
  stored_.Put(instance);
  v1::DescribeObjectsInput input;
  input.set_pipeline_id("df-1");
  for (int i = 0; i < 8; ++i) {
    input.add_object_ids("@SayHello_2012-12-12T01:00:00");
  }
  std::vector<int> sizes;
  do {
    const auto output = stored_.Ask(input);
    ASSERT_TRUE(output.ok()) << output.status();
    EXPECT_EQ(output->has_more_results(), output->has_marker());
    EXPECT_NE(output->marker(), input.marker());
    input.set_marker(output->marker());
    sizes.push_back(output->pipeline_objects_size());
  } while (!input.marker().empty() && sizes.size() < 10);
  EXPECT_THAT(sizes, ElementsAre(5, 3));
}

TEST_F(PipelineQueries, IdsAreQueriedUpToALimit) {
  const auto output = Answer<v1::QueryObjectsInput>(
      "pipeline_id: 'df-1' sphere: 'COMPONENT' limit: 2 marker: ''");
  EXPECT_THAT(output.ids(), ElementsAre("Default", "Schedule"));
  EXPECT_TRUE(output.has_more_results());
  const auto rest = Answer<v1::QueryObjectsInput>(
      absl::StrCat("pipeline_id: 'df-1' sphere: 'COMPONENT' limit: 1000 "
                   "marker: '",
                   output.marker(), "'"));
  EXPECT_THAT(rest.ids(), ElementsAre("SayHello"));
  EXPECT_TRUE(rest.has_has_more_results());
  EXPECT_FALSE(rest.has_more_results());
  EXPECT_FALSE(rest.has_marker());
}

TEST_F(PipelineQueries, AMarkerThatIsNoneIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      Ask<v1::ListPipelinesInput>("marker: 'x'").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      Ask<v1::DescribeObjectsInput>("pipeline_id: 'df-1' marker: 'x'")
          .status()));
  for (const char* sphere : {"COMPONENT", "INSTANCE", "ATTEMPT"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        Ask<v1::QueryObjectsInput>(
            absl::StrCat("pipeline_id: 'df-1' marker: 'x' sphere: '", sphere,
                         "'"))
            .status()));
  }
}

TEST_F(PipelineQueries, AMarkerGoesOnWithItsOwnQuestionOnly) {
  for (const char* sphere : {"COMPONENT", "INSTANCE", "ATTEMPT"}) {
    for (int hour = 1; hour < 4; ++hour) {
      Instance instance =
          stored_.NewInstance(absl::StrCat("2012-12-12T0", hour, ":00:00"), 1);
      instance.attempts = 1;
      stored_.Put(instance);
      Attempt attempt;
      attempt.key = {instance.key, 1};
      stored_.Put(attempt);
    }
    const std::string question =
        absl::StrCat("pipeline_id: 'df-1' sphere: '", sphere, "' ");
    const auto first = Answer<v1::QueryObjectsInput>(question + "limit: 1");
    ASSERT_TRUE(first.has_more_results()) << sphere;
    const std::string marker = absl::StrCat("marker: '", first.marker(), "' ");
    EXPECT_NE(Answer<v1::QueryObjectsInput>(question + marker).ids(0),
              first.ids(0));
    Principal stranger = StoredPipeline::administrator();
    stranger.account = {"another"};
    EXPECT_EQ(
        Ask<v1::QueryObjectsInput>(question + marker, stranger).status().code(),
        absl::StatusCode::kNotFound);
    const std::string status =
        "query { selectors { field_name: '@status' "
        "operator { type: EQ values: 'FAILED' } } } ";
    const std::string other_sphere =
        sphere == std::string("INSTANCE") ? "ATTEMPT" : "INSTANCE";
    for (const std::string& wrong :
         {question + status + marker,
          absl::StrCat("pipeline_id: 'df-1' sphere: '", other_sphere, "' ",
                       marker),
          absl::StrCat(question, "marker: '",
                       first.marker().substr(0, first.marker().size() - 4),
                       "'")}) {
      EXPECT_TRUE(
          absl::IsInvalidArgument(Ask<v1::QueryObjectsInput>(wrong).status()))
          << wrong;
    }
  }
}

TEST_F(PipelineQueries, ExpressionsAreEvaluatedInThePlaceOfAnObject) {
  const auto evaluate = [this](const std::string& id, const std::string& text) {
    v1::EvaluateExpressionInput input;
    input.set_pipeline_id("df-1");
    input.set_object_id(id);
    input.set_expression(text);
    const auto output = stored_.Ask(input);
    EXPECT_TRUE(output.ok()) << output.status();
    return output.ok() ? output->evaluated_expression() : "";
  };
  EXPECT_EQ(evaluate("Schedule",
                     "Transform started at #{startDateTime} and finished at "
                     "#{endDateTime}"),
            "Transform started at 2012-12-12T00:00:00 and finished at "
            "2012-12-21T18:00:00");
  EXPECT_EQ(evaluate(kInstance, "#{@status} #{workerGroup}"), "RUNNING wg");
  EXPECT_EQ(evaluate(kAttempt, "on #{hostname}"), "on host");
  EXPECT_EQ(evaluate(kAttempt, ""), "");
}

TEST_F(PipelineQueries, ExpressionsThatCannotBeEvaluatedAreRefused) {
  for (const char* text : {"#{nobody}", "#{1 +}", "#{"}) {
    v1::EvaluateExpressionInput input;
    input.set_pipeline_id("df-1");
    input.set_object_id("Schedule");
    input.set_expression(text);
    EXPECT_TRUE(absl::IsInvalidArgument(stored_.Ask(input).status())) << text;
  }
}

TEST_F(PipelineQueries, AnObjectThatIsNoPlaceIsNotFound) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      Ask<v1::EvaluateExpressionInput>(
          "pipeline_id: 'df-1' object_id: 'Nobody' expression: 'x'")
          .status()));
  const absl::Status status =
      Ask<v1::EvaluateExpressionInput>(
          "pipeline_id: 'df-1' object_id: '@Nobody_2012-12-12T00:00:00' "
          "expression: 'x'")
          .status();
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_EQ(NamedReason(status), "");
}

}  // namespace
}  // namespace holdline
