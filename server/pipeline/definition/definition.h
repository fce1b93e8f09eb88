// The definition of a pipeline as uploaded: objects, parameters and values
// (DATAPIPELINE sections 1 and 3.2).

#ifndef HOLDLINE_SERVER_PIPELINE_DEFINITION_DEFINITION_H_
#define HOLDLINE_SERVER_PIPELINE_DEFINITION_DEFINITION_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/pipeline/expression/secret_name.h"

namespace holdline {

// A field: a key and its value. Fields that repeat a key form an ordered list.
struct Field {
  std::string key;

  // The text, or the id of the referenced object.
  std::string value;

  // Whether `value` is a reference.
  bool is_reference = false;

  // Whether a secret parameter was substituted in `value`; false as uploaded.
  bool holds_secret = false;

  friend bool operator==(const Field&, const Field&) = default;
};

// Whether the value is a secret, which errors must not contain.
inline bool IsSecret(const Field& field) {
  return field.holds_secret || IsSecretName(field.key);
}

// An object with fields: a component, an instance, or an attempt.
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

// The lists are in the order of the upload.
struct Definition {
  std::vector<PipelineObject> objects;
  std::vector<ParameterObject> parameters;
  std::vector<ParameterValue> values;

  friend bool operator==(const Definition&, const Definition&) = default;
};

// An immutable definition, shared by its copies, since it may be long. May be
// read by several threads.
class SharedDefinition {
 public:
  SharedDefinition() : SharedDefinition(Definition()) {}
  SharedDefinition(Definition definition)  // NOLINT: it is one
      : definition_(std::make_shared<const Definition>(std::move(definition))) {
  }

  const Definition& operator*() const { return *definition_; }
  const Definition* operator->() const { return definition_.get(); }

  friend bool operator==(const SharedDefinition& a, const SharedDefinition& b) {
    return a.definition_ == b.definition_ || *a == *b;
  }

 private:
  std::shared_ptr<const Definition> definition_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_DEFINITION_DEFINITION_H_
