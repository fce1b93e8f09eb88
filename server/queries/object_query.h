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

  // The input must be within its limits. INVALID_ARGUMENT: the sphere is none,
  // or a selector asks for a field that cannot be asked for, by an operator
  // that does not fit it, or with values of a wrong number or kind. Names the
  // selector.
  static absl::StatusOr<ObjectQuery> Read(const v1::QueryObjectsInput& input);

  Sphere sphere() const { return sphere_; }

  // Whether the object, of the right sphere, satisfies all conditions.
  bool Matches(const PipelineObject& object) const;

  // Returns a filter that lets all instances or attempts through that match,
  // and few others. `components` are those of the pipeline.
  RunFilter Filter(PipelineNumber pipeline,
                   absl::Span<const ComponentRecord> components) const;

 private:
  using Operator = v1::Selector::Operator;

  // One selector.
  struct Condition {
    std::string field;
    Operator::Type type = Operator::EQ;

    // With EQ and REF_EQ on fields that hold no time: any of these.
    std::vector<std::string> texts;

    // Of fields that hold times: rising for BETWEEN.
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

// Whether nothing can pass the filter.
bool IsEmpty(const RunFilter& filter);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_OBJECT_QUERY_H_
