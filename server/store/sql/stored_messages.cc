#include "server/store/sql/stored_messages.h"

#include <climits>
#include <cstdint>

#include "server/store/sql/stored.pb.h"
#include "server/store/sql/stored_time.h"

namespace holdline {
namespace {

// Protobuf's own texts have no view.
template <typename Message>
bool Parse(absl::string_view bytes, Message& message) {
  return bytes.size() <= INT_MAX &&
         message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

void Set(const Field& from, stored::Definition::Field& to) {
  to.set_key(from.key);
  to.set_value(from.value);
  to.set_is_reference(from.is_reference);
}

Field FieldOf(stored::Definition::Field& from) {
  Field field;
  field.key = std::move(*from.mutable_key());
  field.value = std::move(*from.mutable_value());
  field.is_reference = from.is_reference();
  return field;
}

void Set(const PipelineObject& from, stored::Definition::Object& to) {
  to.set_id(from.id);
  to.set_name(from.name);
  for (const Field& field : from.fields) Set(field, *to.add_fields());
}

PipelineObject ObjectOf(stored::Definition::Object& from) {
  PipelineObject object;
  object.id = std::move(*from.mutable_id());
  object.name = std::move(*from.mutable_name());
  object.fields.reserve(static_cast<size_t>(from.fields_size()));
  for (auto& field : *from.mutable_fields()) {
    object.fields.push_back(FieldOf(field));
  }
  return object;
}

void Set(const ParameterObject& from, stored::Definition::Parameter& to) {
  to.set_id(from.id);
  for (const Field& field : from.attributes) Set(field, *to.add_attributes());
}

ParameterObject ParameterOf(stored::Definition::Parameter& from) {
  ParameterObject parameter;
  parameter.id = std::move(*from.mutable_id());
  for (auto& field : *from.mutable_attributes()) {
    parameter.attributes.push_back(FieldOf(field));
  }
  return parameter;
}

// Differences go round at the ends of 64 bits.
int64_t Difference(uint64_t a, uint64_t b) {
  return static_cast<int64_t>(a - b);
}

uint64_t StartOf(const InstanceKey& key) {
  return static_cast<uint64_t>(Microseconds(key.start));
}

void Set(const InstanceKey& from, const InstanceKey& near,
         stored::Instance& to) {
  to.set_pipeline(Difference(static_cast<uint64_t>(from.pipeline),
                             static_cast<uint64_t>(near.pipeline)));
  to.set_start(Difference(StartOf(from), StartOf(near)));
  to.set_component(static_cast<uint32_t>(from.component));
  to.set_owner(static_cast<uint32_t>(from.owner));
}

InstanceKey KeyOf(const stored::Instance& from, const InstanceKey& near) {
  const uint64_t pipeline = static_cast<uint64_t>(near.pipeline) +
                            static_cast<uint64_t>(from.pipeline());
  const uint64_t start = StartOf(near) + static_cast<uint64_t>(from.start());
  return {.pipeline = PipelineNumber{pipeline},
          .start = TimeOf(static_cast<int64_t>(start)),
          .component = ComponentNumber{from.component()},
          .owner = ComponentNumber{from.owner()}};
}

// An empty message, the same for all calls of a thread: lists of instances are
// written with each change of one, and its parts stay allocated.
stored::Instances& NoInstances() {
  thread_local stored::Instances message;
  message.Clear();
  return message;
}

}  // namespace

std::string EncodeTags(const std::vector<Tag>& tags) {
  stored::Tags message;
  for (const Tag& tag : tags) {
    auto& added = *message.add_tags();
    added.set_key(tag.key);
    added.set_value(tag.value);
  }
  return message.SerializeAsString();
}

bool DecodeTags(absl::string_view bytes, std::vector<Tag>& tags) {
  stored::Tags message;
  if (!Parse(bytes, message)) return false;
  for (auto& tag : *message.mutable_tags()) {
    tags.push_back({.key = std::move(*tag.mutable_key()),
                    .value = std::move(*tag.mutable_value())});
  }
  return true;
}

std::string EncodeDefinition(const Definition& definition) {
  stored::Definition message;
  for (const auto& object : definition.objects) {
    Set(object, *message.add_objects());
  }
  for (const auto& parameter : definition.parameters) {
    Set(parameter, *message.add_parameters());
  }
  for (const ParameterValue& value : definition.values) {
    auto& added = *message.add_values();
    added.set_id(value.id);
    added.set_value(value.value);
  }
  return message.SerializeAsString();
}

bool DecodeDefinition(absl::string_view bytes, Definition& definition) {
  stored::Definition message;
  if (!Parse(bytes, message)) return false;
  for (auto& object : *message.mutable_objects()) {
    definition.objects.push_back(ObjectOf(object));
  }
  for (auto& parameter : *message.mutable_parameters()) {
    definition.parameters.push_back(ParameterOf(parameter));
  }
  for (auto& value : *message.mutable_values()) {
    definition.values.push_back({.id = std::move(*value.mutable_id()),
                                 .value = std::move(*value.mutable_value())});
  }
  return true;
}

std::string EncodeInstance(const InstanceKey& instance,
                           const InstanceKey& near) {
  stored::Instance message;
  Set(instance, near, message);
  return message.SerializeAsString();
}

bool DecodeInstance(absl::string_view bytes, const InstanceKey& near,
                    InstanceKey& instance) {
  stored::Instance message;
  if (!Parse(bytes, message)) return false;
  instance = KeyOf(message, near);
  return true;
}

// Most instances wait for nothing: they pay nothing.
std::string EncodeInstances(const std::vector<InstanceKey>& instances,
                            const InstanceKey& near) {
  if (instances.empty()) return {};
  stored::Instances& message = NoInstances();
  for (const InstanceKey& key : instances) {
    Set(key, near, *message.add_instances());
  }
  return message.SerializeAsString();
}

bool DecodeInstances(absl::string_view bytes, const InstanceKey& near,
                     std::vector<InstanceKey>& instances) {
  if (bytes.empty()) return true;
  stored::Instances& message = NoInstances();
  if (!Parse(bytes, message)) return false;
  instances.reserve(static_cast<size_t>(message.instances_size()));
  for (const auto& instance : message.instances()) {
    instances.push_back(KeyOf(instance, near));
  }
  return true;
}

}  // namespace holdline
