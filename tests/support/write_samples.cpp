// write_samples DIRECTORY: the sample reports in every format, as
// DIRECTORY/NAME.json, NAME.txt and NAME.html; `write_samples probe DIRECTORY`:
// samples of surveys, as DIRECTORY/probe.json.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "reports/json/probe_json.h"
#include "reports/writer.h"
#include "tests/support/sample_report.h"
#include "tests/support/sample_survey.h"

int main(int argc, char** argv) {
  using namespace rta;
  if (argc == 3 && std::string_view{argv[1]} == "probe") {
    const std::filesystem::path directory{argv[2]};
    std::filesystem::create_directories(directory);
    std::ofstream{directory / "probe.json", std::ios::binary}
        << write_probe_json(testing::sample_survey());
    return 0;
  }
  if (argc != 2) {
    std::fprintf(stderr, "usage: write_samples DIRECTORY\n");
    return 2;
  }
  const std::filesystem::path directory{argv[1]};
  std::filesystem::create_directories(directory);
  const auto save = [&](std::string name, const std::string& content) {
    std::ofstream{directory / name, std::ios::binary} << content;
  };
  for (const auto& [name, sample] : testing::all_samples()) {
    save(std::string{name} + ".json", write_json(sample->report));
    save(std::string{name} + ".txt",
         write_text(sample->report, {.width = 80, .colour = true, .unicode = true}));
    save(std::string{name} + ".html", write_html(sample->report));
  }
  return 0;
}
