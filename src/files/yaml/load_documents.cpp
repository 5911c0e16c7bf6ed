#include "files/yaml/load_documents.h"

#include <yaml-cpp/eventhandler.h>

#include <algorithm>
#include <sstream>
#include <string>

namespace rta::files {
namespace {

// Takes what a parser finds, and keeps nothing.
class Nothing : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

// Each document but the first needs "---" or "..." before it, in any encoding.
std::size_t most_documents(std::string_view text) {
  return 1 + static_cast<std::size_t>(std::ranges::count(text, '-') / 3 +
                                      std::ranges::count(text, '.') / 3);
}

}  // namespace

std::vector<YAML::Node> load_documents(std::string_view text) {
  const std::string content{text};
  std::istringstream stream{content};
  YAML::Parser parser{stream};
  Nothing nothing;
  const std::size_t most = most_documents(text);
  for (std::size_t found = 0; parser.HandleNextDocument(nothing); ++found)
    if (found >= most)
      throw YAML::ParserException{YAML::Mark::null_mark(), "something stands between documents"};
  return YAML::LoadAll(content);
}

}  // namespace rta::files
