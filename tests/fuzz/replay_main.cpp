// Replays a fuzz target over its committed corpus, and over every truncation
// of each small seed.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: replay CORPUS_DIRECTORY\n"), 2;
  constexpr std::size_t kTruncated = 2048;
  std::size_t inputs = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{argv[1]}) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file{entry.path(), std::ios::binary};
    const std::vector<char> seed{std::istreambuf_iterator<char>{file}, {}};
    const std::vector<std::uint8_t> bytes(seed.begin(), seed.end());
    const std::size_t shortest = bytes.size() <= kTruncated ? 0 : bytes.size();
    for (std::size_t size = shortest; size <= bytes.size(); ++size, ++inputs)
      LLVMFuzzerTestOneInput(bytes.data(), size);
  }
  std::printf("%zu inputs\n", inputs);
  return inputs == 0 ? 1 : 0;
}
