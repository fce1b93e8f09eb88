// The query of a QueryObjects request (DATAPIPELINE section 3.11).

#ifndef HOLDLINE_SERVER_QUERIES_OBJECT_QUERY_H_
#define HOLDLINE_SERVER_QUERIES_OBJECT_QUERY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "holdline/v1/data_pipeline.pb.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/record.h"
#include "server/store/archive.h"

namespace holdline {

// Selects objects of a pipeline. Immutable.
class ObjectQuery {
 public:
  enum class Sphere { kComponent, kInstance, kAttempt };

  // Reads a query. REQUIRES: the input is within its limits. INVALID_ARGUMENT,
  // which names the selector: the sphere is unknown, or a selector has a field
  // that cannot be queried, an operator that does not fit the field, or values
  // of a wrong number or kind.
  static absl::StatusOr<ObjectQuery> Read(const v1::QueryObjectsInput& input);

  Sphere sphere() const { return sphere_; }

  // Whether the object satisfies all conditions. REQUIRES: it is of the sphere
  // of the query.
  bool Matches(const PipelineObject& object) const;

  // Returns a filter for the store that passes all matching instances or
  // attempts, and few others. `components` are those of the pipeline.
  RunFilter Filter(PipelineNumber pipeline,
                   absl::Span<const ComponentRecord> components) const;

 private:
  using Operator = v1::Selector::Operator;

  // One selector.
  struct Condition {
    std::string field;
    Operator::Type type = Operator::EQ;

    // For EQ and REF_EQ on fields other than times: the alternatives.
    std::vector<std::string> texts;

    // For fields that are times; ascending for BETWEEN.
    std::vector<absl::Time> times;
  };

  static absl::StatusOr<Condition> ReadSelector(const v1::Selector& selector,
                                                const std::string& path);

  static bool Satisfies(const Condition& condition, const Field& field);
  void Narrow(const Condition& condition,
              absl::Span<const ComponentRecord> components,
              RunFilter* filter) const;
  void NarrowToInstances(const Condition& condition, RunFilter* filter) const;

  Sphere sphere_ = Sphere::kComponent;
  std::vector<Condition> conditions_;
};

// Whether no instance can pass the filter.
bool IsEmpty(const RunFilter& filter);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_OBJECT_QUERY_H_
