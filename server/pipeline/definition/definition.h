// A definition: what is uploaded for a pipeline (DATAPIPELINE sections 1 and
// 3.2).

#ifndef HOLDLINE_SERVER_PIPELINE_DEFINITION_DEFINITION_H_
#define HOLDLINE_SERVER_PIPELINE_DEFINITION_DEFINITION_H_

#include <string>
#include <vector>

#include "server/pipeline/expression/secret_name.h"

namespace holdline {

// A key and its value. Fields that repeat a key form an ordered list.
struct Field {
  std::string key;

  // The text, or the id of the object that is referred to.
  std::string value;

  // Whether `value` is a reference.
  bool is_reference = false;

  // Whether a secret parameter was substituted in `value`. Never so of what was
  // uploaded.
  bool holds_secret = false;

  friend bool operator==(const Field&, const Field&) = default;
};

// Whether the value must not be told in errors.
inline bool IsSecret(const Field& field) {
  return field.holds_secret || IsSecretName(field.key);
}

// Anything with fields: a component, an instance, an attempt.
struct PipelineObject {
  std::string id;
  std::string name;
  std::vector<Field> fields;

  friend bool operator==(const PipelineObject&,
                         const PipelineObject&) = default;
};

// The declaration of a parameter. Attributes that repeat a key form a list;
// none of them is a reference.
struct ParameterObject {
  std::string id;
  std::vector<Field> attributes;

  friend bool operator==(const ParameterObject&,
                         const ParameterObject&) = default;
};

// A value of a parameter. Values of one id form a list.
struct ParameterValue {
  std::string id;
  std::string value;

  friend bool operator==(const ParameterValue&,
                         const ParameterValue&) = default;
};

// All lists in the order in which they were uploaded.
struct Definition {
  std::vector<PipelineObject> objects;
  std::vector<ParameterObject> parameters;
  std::vector<ParameterValue> values;

  friend bool operator==(const Definition&, const Definition&) = default;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_DEFINITION_DEFINITION_H_
