// Runs a fuzz target over the files of a folder, and over mutations of them
// that are the same in each run: without a compiler that knows libFuzzer.
//
// HOLDLINE_FUZZ_RUNS is the number of mutations. Before each run the input is
// written to `input` in the test's folder for outputs, so that a crash leaves
// what caused it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

using Bytes = std::vector<uint8_t>;

constexpr int kRuns = 1000;
constexpr size_t kBytesMax = 4096;

std::string FromEnvironment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

std::vector<Bytes> ReadFiles(const std::string& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Bytes> inputs;
  for (const std::filesystem::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file),
                        std::istreambuf_iterator<char>());
  }
  return inputs;
}

class Mutator {
 public:
  explicit Mutator(const std::vector<Bytes>& seeds) : seeds_(seeds) {}

  Bytes Next() {
    Bytes bytes = Seed();
    for (size_t i = 0, count = 1 + Below(4); i < count; ++i) Change(&bytes);
    if (bytes.size() > kBytesMax) bytes.resize(kBytesMax);
    return bytes;
  }

 private:
  size_t Below(size_t bound) { return bound == 0 ? 0 : random_() % bound; }
  const Bytes& Seed() { return seeds_[Below(seeds_.size())]; }

  void Change(Bytes* bytes) {
    const size_t place = Below(bytes->size() + 1);
    const auto at = bytes->begin() + static_cast<ptrdiff_t>(place);
    const size_t left = bytes->size() - place;
    switch (Below(5)) {
      case 0:
        if (left > 0) *at = static_cast<uint8_t>(*at ^ (1U << Below(8)));
        break;
      case 1:
        bytes->insert(at, 1 + Below(8), static_cast<uint8_t>(random_()));
        break;
      case 2:
        bytes->erase(at, at + static_cast<ptrdiff_t>(Below(left + 1)));
        break;
      case 3:
        if (left > 0) *at = static_cast<uint8_t>(random_());
        break;
      default:
        Splice(bytes, place);
    }
  }

  // Goes on with a part of another input.
  void Splice(Bytes* bytes, size_t place) {
    const Bytes& other = Seed();
    const size_t from = Below(other.size());
    const size_t count = Below(other.size() - from + 1);
    bytes->insert(bytes->begin() + static_cast<ptrdiff_t>(place),
                  other.begin() + static_cast<ptrdiff_t>(from),
                  other.begin() + static_cast<ptrdiff_t>(from + count));
  }

  const std::vector<Bytes>& seeds_;
  std::mt19937_64 random_{1};
};

void Run(const Bytes& input) {
  static const std::string kPath =
      FromEnvironment("TEST_UNDECLARED_OUTPUTS_DIR", ".") + "/input";
  std::ofstream(kPath, std::ios::binary)
      .write(reinterpret_cast<const char*>(input.data()),
             static_cast<std::streamsize>(input.size()));
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<Bytes> seeds =
      argc == 2 ? ReadFiles(argv[1]) : std::vector<Bytes>();
  if (seeds.empty()) {
    std::fprintf(stderr, "Say the folder with the inputs.\n");
    return 2;
  }
  for (const Bytes& seed : seeds) Run(seed);
  const int runs =
      std::stoi(FromEnvironment("HOLDLINE_FUZZ_RUNS", std::to_string(kRuns)));
  Mutator mutator(seeds);
  for (int i = 0; i < runs; ++i) Run(mutator.Next());
  std::printf("%zu inputs and %d mutations\n", seeds.size(), runs);
  return 0;
}
