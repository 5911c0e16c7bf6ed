// gitstate: the key material and certificates of REPO, wherever git keeps
// them or its checkout holds them.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "collect/collectors.h"
#include "files/keys/key_material.h"
#include "tests/read_input/calls.h"

namespace rta::read_input {
namespace {

// The kinds that this call speaks of; nothing for the others.
std::string kind_of(Material material) {
  if (material == Material::certificate) return std::string{name_of(material)};
  if (material == Material::java_keystore) return "private-key";
  return files::is_key(material) ? std::string{name_of(material)} : "";
}

// Reachable from a ref that has no word of its own here: a detached HEAD,
// refs/pull, refs/replace.
std::string place_of(const std::string& place) {
  return place == "head" || place.starts_with("ref:") ? "history" : place;
}

void add_incomplete(const Gap& gap, Json& findings, Json& gaps) {
  Json finding;
  finding["path"] = "";
  finding["blob"] = "";
  finding["kind"] = "history-incomplete";
  finding["places"] = Json::array({"history"});
  if (gaps.empty()) findings.push_back(std::move(finding));
  gaps.push_back("history-incomplete: " + gap.detail);
}

Json answer(const Repository& repository) {
  std::map<std::tuple<std::string, std::string, std::string>, std::set<std::string>> found;
  for (const MaterialHit& hit : repository.hits)
    if (const std::string kind = kind_of(hit.material);
        !kind.empty() && hit.detail != "CA directory")
      for (const std::string& place : hit.places)
        found[{hit.path, hit.blob, kind}].insert(place_of(place));
  Json findings = Json::array(), gaps = Json::array();
  for (const auto& [what, places] : found) {
    const auto& [path, blob, kind] = what;
    Json finding;
    finding["path"] = path;
    finding["blob"] = blob;
    finding["kind"] = kind;
    finding["places"] = places;
    findings.push_back(std::move(finding));
  }
  if (!repository.history_complete) {
    for (const Gap& gap : repository.gaps) add_incomplete(gap, findings, gaps);
  } else {
    for (const Gap& gap : repository.gaps) gaps.push_back(gap.detail);
  }
  Json told;
  told["findings"] = std::move(findings);
  told["gaps"] = std::move(gaps);
  return told;
}

}  // namespace

Result<Json> answer_gitstate(Arguments arguments) {
  if (arguments.size() != 1) return Error{"one repository is wanted", "", ""};
  Result<ProjectFiles> files = ProjectFiles::open(arguments[0]);
  if (!files) return std::move(files).error();
  const ScanSettings settings;
  SecretVault vault;
  CollectContext context{settings, &*files, vault, {}};
  Evidence evidence;
  collect_repository(context, evidence);
  if (evidence.repository.has_value()) return answer(*evidence.repository);
  Json told, findings = Json::array(), gaps = Json::array();
  add_incomplete(*evidence.repository.gap(), findings, gaps);
  told["findings"] = std::move(findings);
  told["gaps"] = std::move(gaps);
  return told;
}

}  // namespace rta::read_input
