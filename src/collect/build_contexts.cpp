// What Dockerfiles copy from their build contexts: whether keys, certificates
// and env files of the tree, or the usual names of such files, get into an
// image. .dockerignore decides, by docker's own rules.
#include <fmt/format.h>
#include <redis_tls_audit/limits.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "collect/built_image.h"
#include "collect/collectors.h"
#include "files/docker/docker_ignore.h"
#include "files/docker/dockerfile.h"
#include "files/git/wildmatch.h"
#include "files/keys/key_material.h"

namespace rta {
namespace {

constexpr std::size_t kNamedFiles = 5;
constexpr std::size_t kMostDockerfiles = 500;
// What a context that is copied as a whole must keep out, whether it is there
// today or not.
constexpr std::array<std::string_view, 4> kProbes{"certs/redis/ca-key.pem", "x.pem", "x.key",
                                                  ".env"};

std::string name_of_file(const std::string& path) { return path.substr(path.rfind('/') + 1); }
std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}
std::string inside(const std::string& folder, const std::string& path) {
  return folder.empty() || folder == "." ? path : folder + "/" + path;
}

bool is_dockerfile(const std::string& path) {
  const std::string name = lower_ascii(name_of_file(path));
  if (name.ends_with(".dockerignore")) return false;
  return name == "dockerfile" || name == "containerfile" || name.starts_with("dockerfile.") ||
         name.ends_with(".dockerfile");
}

// Names under which keys, certificates and secrets lie.
bool is_material(const std::string& path) {
  static constexpr std::array<std::string_view, 11> kEndings{
      ".pem", ".key", ".crt", ".cer", ".der", ".p12", ".pfx", ".jks", ".csr", ".p7b", "users.acl"};
  const std::string lower = lower_ascii(path);
  return std::ranges::any_of(kEndings,
                             [&](std::string_view ending) { return lower.ends_with(ending); }) ||
         (files::is_environment_file(path) && !files::is_template_file(path));
}

// A source that a checkout does not hold, and whose name says that keys are in
// it: a key file, or a folder for them.
bool sounds_like_keys(std::string_view source) {
  const std::string name = lower_ascii(source.substr(source.rfind('/') + 1));
  const bool key_file = (name.ends_with(".pem") && name.contains("key")) ||
                        name.ends_with(".key") || name.ends_with(".p12") ||
                        name.ends_with(".pfx") || name.ends_with(".jks");
  constexpr std::array<std::string_view, 9> kFolders{
      "certs", "cert", "certificates", "tls", "ssl", "pki", "keys", "secrets", "private"};
  return key_file || std::ranges::find(kFolders, name) != kFolders.end();
}

class ContextReader {
 public:
  ContextReader(CollectContext& context, Evidence& evidence)
      : files_(*context.files), evidence_(evidence) {}

  void run() {
    for (const BuildPlace& build : builds()) read(build);
  }

 private:
  [[nodiscard]] std::vector<BuildPlace> builds() const;
  void read(const BuildPlace& build);
  std::string text_of(const std::string& path);
  [[nodiscard]] bool holds_secret(const std::string& path) const;
  [[nodiscard]] bool copies(const std::string& source, const std::string& path) const;
  std::vector<std::string> leaks(const std::vector<files::DockerCopy>& copies,
                                 const BuildPlace& build, const files::DockerIgnore& ignore) const;
  [[nodiscard]] bool gets_in(const std::vector<files::DockerCopy>& copies,
                             const files::DockerIgnore& ignore, const std::string& path) const;

  const ProjectFiles& files_;
  Evidence& evidence_;
};

// Compose names contexts and files; any other Dockerfile is built where it lies.
std::vector<BuildPlace> ContextReader::builds() const {
  std::vector<BuildPlace> all;
  std::set<std::string> named;
  if (const ComposeProject* compose = evidence_.compose.value())
    for (const ComposeService& service : compose->services) {
      auto place = build_place(files_, service.build_context, service.build_file);
      if (!place) continue;
      const std::string path = place->dockerfile;
      if (named.insert(path + '\0' + place->context).second) all.push_back(std::move(*place));
      named.insert(path);
    }
  for (const TreeEntry& entry : files_.listing().entries)
    if (entry.is_regular && is_dockerfile(entry.path) && !named.contains(entry.path) &&
        all.size() < kMostDockerfiles)
      all.push_back({folder_of(entry.path), entry.path});
  return all;
}

std::string ContextReader::text_of(const std::string& path) {
  const Observation<OpenedFile> opened = files_.read(path, limits::kTextFile);
  if (opened.has_value()) return std::string{as_text(opened->bytes)};
  if (opened.gap()->reason != GapReason::not_found) evidence_.scope.notes.push_back(*opened.gap());
  return {};
}

bool ContextReader::holds_secret(const std::string& path) const {
  const Observation<OpenedFile> opened = files_.read(path, limits::kTextFile);
  if (!opened.has_value() || !files::may_hold_material(opened->bytes)) return false;
  return std::ranges::any_of(files::find_material(opened->bytes),
                             [&](const files::FoundMaterial& found) {
                               return files::is_key(found.material) ||
                                      (files::is_secret(found.material) && !found.placeholder &&
                                       files::counts_in(found, path));
                             });
}

// Go's filepath.Match for each part of the source, and all below a folder.
bool ContextReader::copies(const std::string& source, const std::string& path) const {
  if (source == ".") return true;
  const files::Wildmatch pattern{source, {}};
  if (pattern.matches(path)) return true;
  for (std::size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1))
    if (pattern.matches(path.substr(0, slash))) return true;
  return false;
}

bool ContextReader::gets_in(const std::vector<files::DockerCopy>& all,
                            const files::DockerIgnore& ignore, const std::string& path) const {
  if (ignore.excludes(path)) return false;
  return std::ranges::any_of(all, [&](const files::DockerCopy& copy) {
    std::string excluded;
    for (const std::string& pattern : copy.excludes) excluded += pattern + "\n";
    return !files::DockerIgnore{excluded}.excludes(path) &&
           std::ranges::any_of(copy.sources,
                               [&](const std::string& source) { return copies(source, path); });
  });
}

std::vector<std::string> ContextReader::leaks(const std::vector<files::DockerCopy>& all,
                                              const BuildPlace& build,
                                              const files::DockerIgnore& ignore) const {
  std::vector<std::string> problems;
  std::size_t more = 0;
  const bool copies_all = std::ranges::any_of(all, [](const files::DockerCopy& copy) {
    return std::ranges::any_of(
        copy.sources, [](const std::string& source) { return source == "." || source == "*"; });
  });
  const std::string start = build.context.empty() ? "" : build.context + "/";
  for (const TreeEntry& entry : files_.listing().entries) {
    if (!entry.is_regular || !entry.path.starts_with(start) || !is_material(entry.path)) continue;
    if (!gets_in(all, ignore, entry.path.substr(start.size()))) continue;
    // A CA certificate that is copied by its name is meant to be there.
    if (!copies_all && !holds_secret(entry.path)) continue;
    if (problems.size() < kNamedFiles)
      problems.push_back(printable(entry.path, 200) + " gets into the image");
    else
      ++more;
  }
  if (more > 0) problems.push_back(counted(more, "further such file", "further such files"));
  std::vector<std::string> open;
  for (const std::string_view probe : kProbes)
    if (copies_all && gets_in(all, ignore, std::string{probe})) open.emplace_back(probe);
  if (!open.empty()) problems.push_back(join(open, ", ") + " would get in: not in .dockerignore");
  for (const files::DockerCopy& copy : all)
    for (const std::string& source : copy.sources)
      if (sounds_like_keys(source) && !files_.exists(inside(build.context, source)) &&
          !ignore.excludes(source) && !ignore.excludes(source + "/x.key"))
        problems.push_back(fmt::format("{} (line {}) gets into the image, with the keys in it",
                                       printable(source, 200), copy.line));
  return problems;
}

void ContextReader::read(const BuildPlace& build) {
  const std::string text = text_of(build.dockerfile);
  if (text.empty()) return;
  const std::vector<files::DockerCopy> all = files::read_dockerfile(text);
  // BuildKit takes a file of the Dockerfile's own name first.
  std::string ignore_file = build.dockerfile + ".dockerignore";
  if (!files_.exists(ignore_file)) ignore_file = inside(build.context, ".dockerignore");
  const bool has_ignore = files_.exists(ignore_file);
  const files::DockerIgnore ignore{has_ignore ? text_of(ignore_file) : ""};

  Artefact& artefact = evidence_.artefacts.emplace_back();
  artefact.kind = ArtefactKind::dockerfile;
  artefact.purpose = Purpose::build_context;
  artefact.command = build.context;
  artefact.location = {build.dockerfile, all.empty() ? 0 : all.front().line, all.empty() ? 0 : 1};
  std::vector<std::string> copied;
  for (const files::DockerCopy& copy : all) {
    const auto line = fmt::format("{} {} (line {})", copy.instruction,
                                  printable(join(copy.sources, " "), 120), copy.line);
    if (copied.size() < kNamedFiles) copied.push_back(line);
    const bool whole = std::ranges::find(copy.sources, ".") != copy.sources.end();
    if (whole) artefact.location.line = copy.line;
  }
  artefact.summary =
      fmt::format("context {}; {}; {}", build.context.empty() ? "." : printable(build.context, 120),
                  copied.empty() ? "nothing is copied from it" : join(copied, ", "),
                  has_ignore ? printable(ignore_file, 200) : "no .dockerignore");
  artefact.problems = leaks(all, build, ignore);
  if (ignore.malformed_line() > 0)
    artefact.problems.push_back(fmt::format("{}:{} is no pattern: docker refuses it",
                                            printable(ignore_file, 200), ignore.malformed_line()));
}

}  // namespace

void collect_build_contexts(CollectContext& context, Evidence& evidence) {
  if (context.files == nullptr) return;
  ContextReader{context, evidence}.run();
}

}  // namespace rta
