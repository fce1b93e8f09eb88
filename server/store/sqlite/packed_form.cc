#include "server/store/sqlite/packed_form.h"

#include <cstdint>
#include <string>
#include <utility>

#include "server/store/sql/stored_time.h"

namespace holdline {
namespace {

constexpr uint64_t kVersion = 1;
constexpr int kBits = 7;
constexpr uint64_t kMore = 0x80;

// Reads numbers and texts one after the other. Bytes that cannot be that are
// read as zeros and empty texts.
class Unpacker {
 public:
  explicit Unpacker(absl::string_view packed) : rest_(packed) {}

  uint64_t TakeNumber();

  // Of either sign: 0, 1, 2, 3 are 0, -1, 1, -2.
  int64_t TakeSigned();
  std::string TakeText();

  // Whether everything so far could be read.
  bool ok() const { return ok_; }

  // Whether everything could be read and nothing is left.
  bool Complete() const { return ok_ && rest_.empty(); }

 private:
  absl::string_view rest_;
  bool ok_ = true;
};

uint64_t Unpacker::TakeNumber() {
  uint64_t number = 0;
  for (int shift = 0; shift < 64 && !rest_.empty(); shift += kBits) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    number |= (byte & (kMore - 1)) << shift;
    if (byte < kMore) return number;
  }
  ok_ = false;
  rest_ = {};
  return 0;
}

int64_t Unpacker::TakeSigned() {
  const uint64_t number = TakeNumber();
  const uint64_t sign = (number & 1) != 0 ? ~uint64_t{0} : 0;
  return static_cast<int64_t>((number >> 1) ^ sign);
}

std::string Unpacker::TakeText() {
  const uint64_t size = TakeNumber();
  if (size > rest_.size()) {
    ok_ = false;
    rest_ = {};
    return {};
  }
  std::string text(rest_.substr(0, size));
  rest_.remove_prefix(size);
  return text;
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

// The members are read in the order in which they are written here.
Field TakeField(Unpacker& unpacker) {
  return {.key = unpacker.TakeText(),
          .value = unpacker.TakeText(),
          .is_reference = unpacker.TakeNumber() != 0};
}

PipelineObject TakeObject(Unpacker& unpacker) {
  return {.id = unpacker.TakeText(),
          .name = unpacker.TakeText(),
          .fields = TakeList(unpacker, TakeField)};
}

ParameterObject TakeParameter(Unpacker& unpacker) {
  return {.id = unpacker.TakeText(),
          .attributes = TakeList(unpacker, TakeField)};
}

ParameterValue TakeValue(Unpacker& unpacker) {
  return {.id = unpacker.TakeText(), .value = unpacker.TakeText()};
}

Tag TakeTag(Unpacker& unpacker) {
  return {.key = unpacker.TakeText(), .value = unpacker.TakeText()};
}

InstanceKey TakeInstance(Unpacker& unpacker, const InstanceKey& near) {
  const uint64_t pipeline = static_cast<uint64_t>(near.pipeline) +
                            static_cast<uint64_t>(unpacker.TakeSigned());
  const uint64_t start = static_cast<uint64_t>(Microseconds(near.start)) +
                         static_cast<uint64_t>(unpacker.TakeSigned());
  return {
      .pipeline = PipelineNumber{pipeline},
      .start = TimeOf(static_cast<int64_t>(start)),
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

std::optional<Definition> UnpackDefinition(absl::string_view packed) {
  Unpacker unpacker(packed);
  if (unpacker.TakeNumber() != kVersion) return std::nullopt;
  Definition definition{.objects = TakeList(unpacker, TakeObject),
                        .parameters = TakeList(unpacker, TakeParameter),
                        .values = TakeList(unpacker, TakeValue)};
  if (!unpacker.Complete()) return std::nullopt;
  return definition;
}

std::optional<std::vector<Tag>> UnpackTags(absl::string_view packed) {
  return UnpackList(packed, TakeTag);
}

std::optional<std::vector<InstanceKey>> UnpackInstances(
    absl::string_view packed, const InstanceKey& near) {
  return UnpackList(
      packed, [&](Unpacker& unpacker) { return TakeInstance(unpacker, near); });
}

}  // namespace holdline
