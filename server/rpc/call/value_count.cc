#include "server/rpc/call/value_count.h"

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"

namespace holdline {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::internal::WireFormatLite;

class Walk {
 public:
  Walk(int64_t values_max, google::protobuf::io::ZeroCopyInputStream* bytes)
      : left_(values_max), stream_(bytes) {}

  // Each returns whether it makes sense to go on: neither are there too many
  // values, nor is this no message. `type` is null for what is not known.
  bool Message(const Descriptor* type);

  // How many more values there may be; negative if there are too many.
  int64_t left() const { return left_; }

 private:
  bool Value(const Descriptor* type, uint32_t tag);
  bool Delimited(const FieldDescriptor* field);
  bool Group();

  int64_t left_;
  google::protobuf::io::CodedInputStream stream_;
};

bool Walk::Message(const Descriptor* type) {
  for (;;) {
    const uint32_t tag = stream_.ReadTag();
    if (tag == 0) return stream_.ConsumedEntireMessage();
    if (WireFormatLite::GetTagWireType(tag) ==
        WireFormatLite::WIRETYPE_END_GROUP) {
      return true;
    }
    if (--left_ < 0 || !Value(type, tag)) return false;
  }
}

bool Walk::Value(const Descriptor* type, uint32_t tag) {
  switch (WireFormatLite::GetTagWireType(tag)) {
    case WireFormatLite::WIRETYPE_LENGTH_DELIMITED:
      return Delimited(type == nullptr
                           ? nullptr
                           : type->FindFieldByNumber(
                                 WireFormatLite::GetTagFieldNumber(tag)));
    case WireFormatLite::WIRETYPE_START_GROUP:
      return Group();
    default:
      return WireFormatLite::SkipField(&stream_, tag);
  }
}

bool Walk::Delimited(const FieldDescriptor* field) {
  int length = 0;
  if (!stream_.ReadVarintSizeAsInt(&length)) return false;
  if (field != nullptr && field->is_packable()) left_ -= length;
  if (left_ < 0) return false;
  if (field == nullptr || field->message_type() == nullptr) {
    return stream_.Skip(length);
  }
  const auto outer = stream_.PushLimit(length);
  if (!Message(field->message_type())) return false;
  stream_.PopLimit(outer);
  return true;
}

bool Walk::Group() {
  if (!stream_.IncrementRecursionDepth() || !Message(nullptr)) return false;
  stream_.DecrementRecursionDepth();
  return true;
}

}  // namespace

std::optional<int64_t> CountValues(
    int64_t values_max, const Descriptor* type,
    google::protobuf::io::ZeroCopyInputStream* bytes, bool* is_message) {
  Walk walk(values_max, bytes);
  *is_message = walk.Message(type);
  if (walk.left() < 0) return std::nullopt;
  return values_max - walk.left();
}

}  // namespace holdline
