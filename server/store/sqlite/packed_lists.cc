#include "server/store/sqlite/packed_lists.h"

#include <cstdint>

#include "absl/time/time.h"
#include "server/store/sqlite/packing.h"
#include "server/store/sqlite/stored_time.h"

namespace holdline {
namespace {

constexpr uint64_t kVersion = 1;

template <typename Value, typename Put>
void PutList(const std::vector<Value>& values, Packer& packer, Put put) {
  packer.PutNumber(values.size());
  for (const Value& value : values) put(value, packer);
}

// A damaged count ends with the bytes.
template <typename Take>
auto TakeList(Unpacker& unpacker, Take take) {
  std::vector<decltype(take(unpacker))> values;
  for (uint64_t left = unpacker.TakeNumber(); left > 0 && unpacker.ok();
       --left) {
    values.push_back(take(unpacker));
  }
  return values;
}

void PutField(const Field& field, Packer& packer) {
  packer.PutText(field.key);
  packer.PutText(field.value);
  packer.PutNumber(field.is_reference ? 1 : 0);
}

// The members are read in the order in which they are written here.
Field TakeField(Unpacker& unpacker) {
  return {.key = unpacker.TakeText(),
          .value = unpacker.TakeText(),
          .is_reference = unpacker.TakeNumber() != 0};
}

void PutObject(const PipelineObject& object, Packer& packer) {
  packer.PutText(object.id);
  packer.PutText(object.name);
  PutList(object.fields, packer, PutField);
}

PipelineObject TakeObject(Unpacker& unpacker) {
  return {.id = unpacker.TakeText(),
          .name = unpacker.TakeText(),
          .fields = TakeList(unpacker, TakeField)};
}

void PutParameter(const ParameterObject& parameter, Packer& packer) {
  packer.PutText(parameter.id);
  PutList(parameter.attributes, packer, PutField);
}

ParameterObject TakeParameter(Unpacker& unpacker) {
  return {.id = unpacker.TakeText(),
          .attributes = TakeList(unpacker, TakeField)};
}

void PutValue(const ParameterValue& value, Packer& packer) {
  packer.PutText(value.id);
  packer.PutText(value.value);
}

ParameterValue TakeValue(Unpacker& unpacker) {
  return {.id = unpacker.TakeText(), .value = unpacker.TakeText()};
}

void PutTag(const Tag& tag, Packer& packer) {
  packer.PutText(tag.key);
  packer.PutText(tag.value);
}

Tag TakeTag(Unpacker& unpacker) {
  return {.key = unpacker.TakeText(), .value = unpacker.TakeText()};
}

// Differences go round at the ends of 64 bits.
int64_t Difference(uint64_t a, uint64_t b) {
  return static_cast<int64_t>(a - b);
}

uint64_t StartOf(const InstanceKey& key) {
  return static_cast<uint64_t>(Microseconds(key.start));
}

void PutInstance(const InstanceKey& key, const InstanceKey& near,
                 Packer& packer) {
  packer.PutSigned(Difference(static_cast<uint64_t>(key.pipeline),
                              static_cast<uint64_t>(near.pipeline)));
  packer.PutSigned(Difference(StartOf(key), StartOf(near)));
  packer.PutNumber(static_cast<uint64_t>(key.component));
  packer.PutNumber(static_cast<uint64_t>(key.owner));
}

InstanceKey TakeInstance(Unpacker& unpacker, const InstanceKey& near) {
  const uint64_t pipeline = static_cast<uint64_t>(near.pipeline) +
                            static_cast<uint64_t>(unpacker.TakeSigned());
  const uint64_t start =
      StartOf(near) + static_cast<uint64_t>(unpacker.TakeSigned());
  return {
      .pipeline = PipelineNumber{pipeline},
      .start = FromMicroseconds(static_cast<int64_t>(start)),
      .component =
          ComponentNumber{static_cast<uint32_t>(unpacker.TakeNumber())},
      .owner = ComponentNumber{static_cast<uint32_t>(unpacker.TakeNumber())}};
}

// Reads a version and then a list, of which no byte means an empty one.
template <typename Take>
auto UnpackList(absl::string_view packed, Take take) {
  using List = decltype(TakeList(std::declval<Unpacker&>(), take));
  if (packed.empty()) return std::make_optional(List());
  Unpacker unpacker(packed);
  const uint64_t version = unpacker.TakeNumber();
  List list = TakeList(unpacker, take);
  if (version != kVersion || !unpacker.Complete()) return std::optional<List>();
  return std::make_optional(std::move(list));
}

}  // namespace

std::string PackDefinition(const Definition& definition) {
  Packer packer;
  packer.PutNumber(kVersion);
  PutList(definition.objects, packer, PutObject);
  PutList(definition.parameters, packer, PutParameter);
  PutList(definition.values, packer, PutValue);
  return packer.Take();
}

std::optional<Definition> UnpackDefinition(absl::string_view packed) {
  Unpacker unpacker(packed);
  if (unpacker.TakeNumber() != kVersion) return std::nullopt;
  Definition definition{.objects = TakeList(unpacker, TakeObject),
                        .parameters = TakeList(unpacker, TakeParameter),
                        .values = TakeList(unpacker, TakeValue)};
  if (!unpacker.Complete()) return std::nullopt;
  return definition;
}

std::string PackTags(const std::vector<Tag>& tags) {
  if (tags.empty()) return {};
  Packer packer;
  packer.PutNumber(kVersion);
  PutList(tags, packer, PutTag);
  return packer.Take();
}

std::optional<std::vector<Tag>> UnpackTags(absl::string_view packed) {
  return UnpackList(packed, TakeTag);
}

std::string PackInstances(const std::vector<InstanceKey>& instances,
                          const InstanceKey& near) {
  if (instances.empty()) return {};
  Packer packer;
  packer.PutNumber(kVersion);
  PutList(instances, packer, [&](const InstanceKey& key, Packer& to) {
    PutInstance(key, near, to);
  });
  return packer.Take();
}

std::optional<std::vector<InstanceKey>> UnpackInstances(
    absl::string_view packed, const InstanceKey& near) {
  return UnpackList(
      packed, [&](Unpacker& unpacker) { return TakeInstance(unpacker, near); });
}

}  // namespace holdline
