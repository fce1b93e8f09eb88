// Bytes in against bytes held: a request that repeats itself, in protobuf or in
// JSON, never becomes more memory than its method's limits let it.

#include <malloc.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"
#include "server/contract/method_contract.h"
#include "server/contract/request_arena.h"
#include "server/gateway/json_reader.h"
#include "server/rpc/call/request_reader.h"
#include "server/rpc/testing/all_methods.h"

namespace holdline {
namespace {

using ::google::protobuf::Arena;
using ::google::protobuf::Message;
using ::google::protobuf::MethodDescriptor;

// What this thread holds, and has held at most since it was last looked at.
thread_local int64_t held_bytes = 0;
thread_local int64_t held_bytes_max = 0;

void Hold(int64_t bytes) {
  held_bytes += bytes;
  held_bytes_max = std::max(held_bytes_max, held_bytes);
}

// How large a request is made: enough of the smallest values for the limits of
// all methods.
constexpr size_t kRequestBytes = size_t{1} << 20;

// What a value may take: the largest message with a place in a list that has
// just grown.
constexpr int64_t kBytesPerValue = 300;

// Texts are copied, and twice at a time while they grow.
constexpr int64_t kBytesPerByte = 4;

constexpr int64_t kBytesForAll = int64_t{1} << 20;

struct Plan {
  const MethodDescriptor* method;
  bool is_json;
  absl::string_view head;
  absl::string_view unit;  // repeated after the head
};

// The first byte chooses the method, the second the encoding and how long the
// head is.
Plan Read(absl::string_view data) {
  static const auto* const methods =
      new std::vector<const MethodDescriptor*>(AllMethods());
  const auto at = [&](size_t place) {
    return static_cast<uint8_t>(data[place]);
  };
  Plan plan{(*methods)[at(0) % methods->size()], (at(1) & 1) != 0, {}, {}};
  const size_t head_bytes = at(1) >> 1;
  data.remove_prefix(2);
  plan.head = data.substr(0, head_bytes);
  plan.unit = data.substr(plan.head.size());
  return plan;
}

std::string RequestOf(const Plan& plan, size_t bytes_max) {
  std::string request(plan.head);
  if (plan.unit.empty()) return request;
  request.reserve(bytes_max);
  while (request.size() + plan.unit.size() <= bytes_max) {
    request.append(plan.unit.data(), plan.unit.size());
  }
  return request;
}

void ReadAsJson(const MethodContract& contract, const std::string& request,
                Message* input) {
  if (contract.CheckBytes(request.size()).ok()) {
    ReadJson(request, input, contract.request_values_max());
  }
}

void ReadAsProtobuf(const MethodContract& contract, const std::string& request,
                    Message* input) {
  const grpc::Slice slice(request);
  const grpc::ByteBuffer bytes(&slice, 1);
  const auto size = MeasureRequest(contract, input->GetDescriptor(), bytes);
  if (size.ok()) ParseRequest(&bytes, input).IgnoreError();
}

void Check(const Plan& plan) {
  const MethodContract contract(plan.method);
  const std::string request = RequestOf(
      plan, std::min<uint64_t>(kRequestBytes, contract.request_bytes_max()));
  const Message* prototype =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(
          plan.method->input_type());
  const int64_t before = held_bytes;
  held_bytes_max = before;
  {
    alignas(std::max_align_t) char block[4096];
    Arena arena(RequestArenaOptions(block, sizeof(block)));
    Message* const input = prototype->New(&arena);
    (plan.is_json ? ReadAsJson : ReadAsProtobuf)(contract, request, input);
  }
  const int64_t allowed = contract.request_values_max() * kBytesPerValue +
                          static_cast<int64_t>(request.size()) * kBytesPerByte +
                          kBytesForAll;
  if (held_bytes_max - before <= allowed) return;
  std::fprintf(stderr, "%s: %zu bytes of %s became %lld, and may become %lld\n",
               plan.method->name().c_str(), request.size(),
               plan.is_json ? "JSON" : "protobuf",
               static_cast<long long>(held_bytes_max - before),
               static_cast<long long>(allowed));
  std::abort();
}

}  // namespace
}  // namespace holdline

// Of all allocations of this program, so that what is held can be counted.
void* operator new(size_t bytes) {
  void* const block = std::malloc(bytes);
  if (block == nullptr) throw std::bad_alloc();
  holdline::Hold(static_cast<int64_t>(malloc_usable_size(block)));
  return block;
}

void operator delete(void* block) noexcept {
  holdline::Hold(-static_cast<int64_t>(malloc_usable_size(block)));
  std::free(block);
}

void operator delete(void* block, size_t) noexcept { operator delete(block); }

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  holdline::Check(holdline::Read({reinterpret_cast<const char*>(data), size}));
  return 0;
}
