#include "server/queries/pipeline_message.h"

#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "server/contract/validation.h"

namespace holdline {
namespace {

using ::google::protobuf::RepeatedPtrField;

Field FieldOf(const v1::Field& field) {
  return field.has_ref_value() ? Field{field.key(), field.ref_value(), true}
                               : Field{field.key(), field.string_value()};
}

PipelineObject ObjectOf(const v1::PipelineObject& message) {
  PipelineObject object{message.id(), message.name(), {}};
  object.fields.reserve(static_cast<size_t>(message.fields_size()));
  for (const v1::Field& field : message.fields()) {
    object.fields.push_back(FieldOf(field));
  }
  return object;
}

ParameterObject ParameterOf(const v1::ParameterObject& message) {
  ParameterObject parameter{message.id(), {}};
  for (const v1::ParameterAttribute& attribute : message.attributes()) {
    parameter.attributes.push_back({attribute.key(), attribute.string_value()});
  }
  return parameter;
}

absl::Status CheckValues(const RepeatedPtrField<v1::PipelineObject>& objects) {
  for (int i = 0; i < objects.size(); ++i) {
    for (int j = 0; j < objects[i].fields_size(); ++j) {
      const v1::Field& field = objects[i].fields(j);
      if (!field.has_string_value() || !field.has_ref_value()) continue;
      return ConstraintError(
          absl::StrCat("pipelineObjects[", i, "].fields[", j, "]"),
          "Member must not have both stringValue and refValue");
    }
  }
  return absl::OkStatus();
}

// The two requests that bring a definition have the same members.
template <typename Input>
absl::StatusOr<Definition> ReadDefinition(const Input& input) {
  absl::Status status = CheckValues(input.pipeline_objects());
  if (!status.ok()) return status;
  Definition definition;
  for (const v1::PipelineObject& object : input.pipeline_objects()) {
    definition.objects.push_back(ObjectOf(object));
  }
  for (const v1::ParameterObject& parameter : input.parameter_objects()) {
    definition.parameters.push_back(ParameterOf(parameter));
  }
  definition.values = FromProto(input.parameter_values());
  return definition;
}

void AddErrors(const std::vector<ObjectMessages>& errors,
               RepeatedPtrField<v1::ValidationError>* list) {
  for (const ObjectMessages& of_object : errors) {
    const auto listed = absl::c_find_if(
        *list, [&](const auto& error) { return error.id() == of_object.id; });
    v1::ValidationError* const error =
        listed == list->end() ? list->Add() : &*listed;
    error->set_id(of_object.id);
    for (const std::string& message : of_object.messages) {
      error->add_errors(message);
    }
  }
}

template <typename Output>
void WriteReport(const ValidationReport& report, Output* message) {
  AddErrors(report.fatal, message->mutable_validation_errors());
  AddErrors(report.errors, message->mutable_validation_errors());
  for (const ObjectMessages& of_object : report.warnings) {
    v1::ValidationWarning* const warning = message->add_validation_warnings();
    warning->set_id(of_object.id);
    for (const std::string& text : of_object.messages) {
      warning->add_warnings(text);
    }
  }
  message->set_errored(message->validation_errors_size() > 0);
}

}  // namespace

absl::StatusOr<Definition> DefinitionOf(
    const v1::PutPipelineDefinitionInput& input) {
  return ReadDefinition(input);
}

absl::StatusOr<Definition> DefinitionOf(
    const v1::ValidatePipelineDefinitionInput& input) {
  return ReadDefinition(input);
}

std::vector<ParameterValue> FromProto(
    const RepeatedPtrField<v1::ParameterValue>& values) {
  std::vector<ParameterValue> result;
  result.reserve(static_cast<size_t>(values.size()));
  for (const v1::ParameterValue& value : values) {
    result.push_back({value.id(), value.string_value()});
  }
  return result;
}

std::vector<Tag> FromProto(const RepeatedPtrField<v1::Tag>& tags) {
  std::vector<Tag> result;
  for (const v1::Tag& message : tags) {
    const auto same = absl::c_find_if(
        result, [&](const Tag& tag) { return tag.key == message.key(); });
    if (same == result.end()) {
      result.push_back({message.key(), message.value()});
    } else {
      same->value = message.value();
    }
  }
  return result;
}

void ToProto(const Field& field, v1::Field* message) {
  message->set_key(field.key);
  if (field.is_reference) {
    message->set_ref_value(field.value);
  } else {
    message->set_string_value(field.value);
  }
}

void ToProto(const PipelineObject& object, v1::PipelineObject* message) {
  message->set_id(object.id);
  message->set_name(object.name);
  for (const Field& field : object.fields) {
    ToProto(field, message->add_fields());
  }
}

void ToProto(const Tag& tag, v1::Tag* message) {
  message->set_key(tag.key);
  message->set_value(tag.value);
}

void ToProto(const Definition& definition,
             v1::GetPipelineDefinitionOutput* message) {
  for (const PipelineObject& object : definition.objects) {
    ToProto(object, message->add_pipeline_objects());
  }
  for (const ParameterObject& parameter : definition.parameters) {
    v1::ParameterObject* const object = message->add_parameter_objects();
    object->set_id(parameter.id);
    for (const Field& field : parameter.attributes) {
      v1::ParameterAttribute* const attribute = object->add_attributes();
      attribute->set_key(field.key);
      attribute->set_string_value(field.value);
    }
  }
  for (const ParameterValue& value : definition.values) {
    v1::ParameterValue* const parameter = message->add_parameter_values();
    parameter->set_id(value.id);
    parameter->set_string_value(value.value);
  }
}

void ToProto(const ValidationReport& report,
             v1::PutPipelineDefinitionOutput* message) {
  WriteReport(report, message);
}

void ToProto(const ValidationReport& report,
             v1::ValidatePipelineDefinitionOutput* message) {
  WriteReport(report, message);
}

}  // namespace holdline
