// The objects of a pipeline by their ids: components, instances and attempts
// (DATAPIPELINE sections 1.4 and 10).

#ifndef HOLDLINE_SERVER_QUERIES_OBJECT_READER_H_
#define HOLDLINE_SERVER_QUERIES_OBJECT_READER_H_

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/definition/resolved_definition.h"
#include "server/pipeline/model/evaluation.h"
#include "server/pipeline/model/instance.h"
#include "server/queries/pipeline_reader.h"

namespace holdline {

// Not thread-safe. Every method may also return an error of the store.
class ObjectReader {
 public:
  // The reader of the pipeline must outlive this.
  explicit ObjectReader(PipelineReader* pipeline) : pipeline_(pipeline) {}

  // Returns the object in the form of section 10; nothing if no object has this
  // id. Components are those of the definition that was saved last. With
  // `evaluated`, expressions are replaced where they have a value.
  absl::StatusOr<std::optional<PipelineObject>> Describe(const std::string& id,
                                                         bool evaluated);

  // Returns `text` with its expressions evaluated for the object; nothing if no
  // object has this id. INVALID_ARGUMENT: an expression is wrong or refers to
  // something unknown.
  absl::StatusOr<std::optional<std::string>> Evaluate(const std::string& id,
                                                      absl::string_view text);

  // The same for a runner that serves `groups`: only objects that run in these
  // groups exist for it, and only secrets that it receives with their attempts.
  absl::StatusOr<std::optional<std::string>> EvaluateForRunner(
      const std::string& id, absl::string_view text, const Reach& groups);

  // Describe objects that were read already. A component, number `index` of its
  // definition, is shown with the given live instances.
  absl::StatusOr<PipelineObject> Describe(const Instance& instance);
  absl::StatusOr<PipelineObject> Describe(const Instance& instance,
                                          const Attempt& attempt);
  absl::StatusOr<PipelineObject> DescribeComponent(
      const PipelineReader::Version& version, size_t index,
      absl::Span<const InstanceKey> active);

 private:
  struct FoundComponent {
    const PipelineReader::Version* version = nullptr;
    size_t index = 0;  // in its definition
  };
  struct FoundAttempt {
    Instance instance;
    Attempt attempt;
  };
  using Found =
      std::variant<std::monostate, FoundComponent, Instance, FoundAttempt>;

  absl::StatusOr<Found> Find(const std::string& id);

  // Describes an instance or attempt.
  absl::StatusOr<PipelineObject> DescribeRun(const Found& found,
                                             bool evaluated);

  // Adds to a resource the fields that its launcher has reported.
  absl::Status AddLauncherFields(const Instance& instance,
                                 std::vector<Field>* fields);

  absl::StatusOr<std::optional<Instance>> FindInstance(absl::Time start,
                                                       const std::string& id);

  // Returns the live instances that a component is shown with.
  absl::StatusOr<std::vector<InstanceKey>> ActiveOf(
      absl::string_view component);

  absl::StatusOr<const ComponentRecord*> RecordOf(absl::string_view id);
  absl::StatusOr<std::vector<Field>> FieldsOf(
      const PipelineReader::Version& version, const ResolvedObject& object,
      absl::Span<const InstanceKey> active);
  absl::StatusOr<PipelineObject> Describe(const FoundComponent& component,
                                          bool evaluated);
  absl::StatusOr<ExpressionPlace> PlaceOf(const Found& found);

  // Returns the worker group that runs the object; empty if unknown.
  absl::StatusOr<std::string> GroupOf(const Found& found);

  PipelineReader* const pipeline_;

  // The instances that were read, by start and id.
  std::map<absl::Time, absl::flat_hash_map<std::string, Instance>> instances_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_OBJECT_READER_H_
