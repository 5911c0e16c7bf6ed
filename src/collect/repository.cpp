// The repository of the project as evidence: git's own data, read without
// running git, and what the ignore rules cover.
#include <fmt/format.h>
#include <git2.h>
#include <redis_tls_audit/limits.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "base/text.h"
#include "collect/collectors.h"
#include "collect/git_search.h"
#include "files/der_material.h"
#include "files/gitignore.h"
#include "files/key_material.h"

namespace rta {
namespace {

constexpr std::size_t kLargestIndex = 256 * limits::kMiB;
constexpr std::size_t kMostHits = 2'000;
// Names that are tried: rules must hold for files that do not exist yet.
constexpr std::array<std::string_view, 11> kProbes{
    "x.pem", "x.key",     "x.crt",   "x.csr", "x.p12", "x.pfx", "x.jks", "certs/redis/x.pem",
    ".env",  "users.acl", "dump.rdb"};

struct IndexEntry {
  ObjectId blob{};
  std::int64_t modified = 0;
  std::uint64_t size = 0;
  bool is_submodule = false;
};

class RepositoryCollector {
 public:
  RepositoryCollector(CollectContext& context, const Evidence& evidence)
      : context_(context), files_(*context.files), evidence_(evidence) {}

  Observation<Repository> collect();

 private:
  void read_index();
  void search();
  void search_submodules();
  void search_worktree();
  void pair_with_keys();
  void ask_ignore_rules();
  void find_tracked_but_ignored();
  void note_ca_directories();
  void add_hits(const BlobHit& hit);
  MaterialHit& hit_for(const std::string& path, const std::string& blob,
                       const files::FoundMaterial& found);
  IgnoreVerdict verdict(const std::string& path, std::string why, bool referenced);
  void ask_about(const std::string& path, const std::string& why, bool referenced);
  void incomplete(Gap gap);

  CollectContext& context_;
  const ProjectFiles& files_;
  const Evidence& evidence_;
  GitDirectory git_;
  Repository repository_;
  std::map<std::string, IndexEntry> index_;
  std::map<std::tuple<std::string, std::string, int, int>, std::size_t> hit_at_;
  std::unique_ptr<files::GitIgnore> rules_;
  std::set<std::string> asked_;
};

void RepositoryCollector::incomplete(Gap gap) {
  repository_.history_complete = false;
  repository_.gaps.push_back(std::move(gap));
}

void RepositoryCollector::read_index() {
  const std::string path = git_.path + "/index";
  const Observation<FileFacts> facts = files_.inspect(path);
  if (!facts.has_value() && facts.gap()->reason == GapReason::not_found) {
    repository_.index_read = true;  // nothing was ever added
    return;
  }
  start_git_library();
  git_index* raw = nullptr;
  const bool readable = facts.has_value() && facts->links.empty() &&
                        facts->size_bytes <= kLargestIndex &&
                        git_index_open(&raw, (files_.root() + "/" + path).c_str()) == 0;
  const std::unique_ptr<git_index, void (*)(git_index*)> index{raw, git_index_free};
  if (!readable) {
    repository_.gaps.push_back({GapReason::malformed, "the index of the repository cannot be read",
                                "git status; git fsck"});
    return;
  }
  for (std::size_t i = 0; i < git_index_entrycount(index.get()); ++i) {
    const git_index_entry* entry = git_index_get_byindex(index.get(), i);
    IndexEntry& kept = index_[entry->path];
    std::copy_n(entry->id.id, kept.blob.size(), kept.blob.begin());
    kept.modified = entry->mtime.seconds;
    kept.size = entry->file_size;
    kept.is_submodule = entry->mode == GIT_FILEMODE_COMMIT;
  }
  repository_.index_read = true;
  repository_.tracked_files = index_.size();
}

MaterialHit& RepositoryCollector::hit_for(const std::string& path, const std::string& blob,
                                          const files::FoundMaterial& found) {
  const auto [known, fresh] = hit_at_.try_emplace(
      {path, blob, static_cast<int>(found.material), found.line}, repository_.hits.size());
  if (!fresh) return repository_.hits[known->second];
  MaterialHit& hit = repository_.hits.emplace_back();
  hit.path = path;
  hit.blob = blob;
  hit.material = found.material;
  hit.spki_sha256 = found.spki_sha256;
  hit.is_ca = found.is_ca;
  hit.line = found.line;
  hit.detail = found.detail;
  hit.template_file = files::is_template_file(path);
  hit.placeholder = found.placeholder;
  return hit;
}

void RepositoryCollector::add_hits(const BlobHit& found) {
  for (const files::FoundMaterial& one : found.found) {
    if (!files::counts_in(one, found.path) || repository_.hits.size() >= kMostHits) continue;
    MaterialHit& hit = hit_for(found.path, to_text(found.blob), one);
    hit.places.insert(hit.places.end(), found.places.begin(), found.places.end());
    hit.tracked = hit.tracked || found.at_head;
    const auto entry = index_.find(found.path);
    if (entry == index_.end() || entry->second.blob != found.blob) continue;
    hit.places.emplace_back("index");
    hit.tracked = true;
  }
}

void RepositoryCollector::search() {
  if (git_.object_directories.empty()) return;
  Result<GitObjects> objects = GitObjects::open(git_.object_directories.front());
  for (std::size_t i = 1; objects && i < git_.object_directories.size(); ++i)
    if (Result<void> added = objects->add(git_.object_directories[i]); !added)
      objects = std::move(added).error();
  if (!objects) {
    incomplete({GapReason::malformed, objects.error().text(), "git fsck"});
    return;
  }
  SearchResult result = search_objects(*objects, git_, context_.progress);
  repository_.has_commits = result.has_commits;
  repository_.objects_searched = result.objects;
  std::map<ObjectId, const std::vector<files::FoundMaterial>*> found_in;
  for (const BlobHit& hit : result.hits) found_in[hit.blob] = &hit.found;
  // Staged and never committed: no tree names it yet.
  for (const auto& [path, entry] : index_) {
    const auto found = found_in.find(entry.blob);
    if (found == found_in.end()) continue;
    const bool placed = std::ranges::any_of(result.hits, [&](const BlobHit& hit) {
      return hit.blob == entry.blob && hit.path == path;
    });
    if (!placed) add_hits({path, entry.blob, {}, false, *found->second});
  }
  std::set<ObjectId> staged;
  for (const auto& [path, entry] : index_) staged.insert(entry.blob);
  for (const BlobHit& hit : result.hits)
    if (!hit.places.contains("unreachable") || !staged.contains(hit.blob)) add_hits(hit);
  if (result.missing > 0)
    incomplete({GapReason::incomplete,
                fmt::format("{} missing or damaged in the repository",
                            counted(result.missing, "object is", "objects are")),
                "git fsck; git fetch"});
  if (result.too_large > 0)
    incomplete({GapReason::too_large,
                fmt::format("{} larger than 48 MiB and not searched",
                            counted(result.too_large, "object is", "objects are")),
                ""});
}

// A submodule is a repository of its own; its objects lie in .git/modules.
void RepositoryCollector::search_submodules() {
  std::size_t expected = 0;
  for (const auto& [path, entry] : index_) expected += entry.is_submodule ? 1 : 0;
  for (const std::string& folder : git_.submodule_objects) {
    GitDirectory inner;
    inner.object_directories = {folder};
    Result<GitObjects> objects = GitObjects::open(folder);
    if (!objects) continue;  // counted as missing below
    for (BlobHit& hit : search_objects(*objects, inner, context_.progress).hits) {
      hit.places = {"submodule"};
      add_hits(hit);
    }
  }
  if (expected > git_.submodule_objects.size())
    incomplete({GapReason::incomplete,
                fmt::format("{} not checked out with the repository",
                            counted(expected - git_.submodule_objects.size(), "submodule is",
                                    "submodules are")),
                "git submodule update --init --recursive"});
}

void RepositoryCollector::search_worktree() {
  for (const TreeEntry& entry : files_.listing().entries) {
    if (!entry.is_regular || entry.size_bytes > limits::kTextFile) continue;
    const auto tracked = index_.find(entry.path);
    struct stat facts{};
    // Unchanged since it was added, as git itself decides.
    if (tracked != index_.end() &&
        ::lstat((files_.root() + "/" + entry.path).c_str(), &facts) == 0 &&
        facts.st_mtime == tracked->second.modified && entry.size_bytes == tracked->second.size) {
      for (MaterialHit& hit : repository_.hits)
        if (hit.path == entry.path && hit.blob == to_text(tracked->second.blob))
          hit.places.emplace_back("worktree");
      continue;
    }
    const Observation<OpenedFile> opened = files_.read(entry.path, limits::kTextFile);
    if (!opened.has_value() || !files::may_hold_material(opened->bytes)) continue;
    std::vector<files::FoundMaterial> found = files::find_material(opened->bytes);
    if (found.empty()) continue;
    const std::string place = tracked != index_.end()           ? "worktree"
                              : rules_->ask(entry.path).ignored ? "worktree-ignored"
                                                                : "worktree-untracked";
    add_hits({entry.path, GitObjects::id_of_blob(opened->bytes), {place}, false, std::move(found)});
  }
}

// Certificates and requests whose private key this project uses, and keys
// whose certificate it uses.
void RepositoryCollector::pair_with_keys() {
  std::set<std::string> keys, certificates;
  for (const Observation<KeyFile>& key : evidence_.key_files)
    if (key.has_value() && !key->spki_sha256.empty()) keys.insert(key->spki_sha256);
  for (const Observation<CertificateFile>& file : evidence_.certificate_files)
    if (file.has_value())
      for (const Bytes& der : file->certificates)
        if (const auto certificate = files::certificate_in(der))
          certificates.insert(certificate->spki_sha256);
  for (const MaterialHit& hit : repository_.hits)
    if (files::is_key(hit.material) && !hit.spki_sha256.empty()) keys.insert(hit.spki_sha256);
  for (MaterialHit& hit : repository_.hits)
    hit.pairs_with_local_key = !hit.spki_sha256.empty() &&
                               (files::is_key(hit.material) ? certificates.contains(hit.spki_sha256)
                                                            : keys.contains(hit.spki_sha256));
}

IgnoreVerdict RepositoryCollector::verdict(const std::string& path, std::string why,
                                           bool referenced) {
  IgnoreVerdict told;
  told.path = path;
  told.why = std::move(why);
  told.referenced = referenced;
  told.exists = files_.exists(path);
  told.tracked = index_.contains(path);
  const bool is_folder = files_.is_directory(path);
  rules_->use_local_excludes(false);
  const files::IgnoreAnswer shared = rules_->ask(path, is_folder);
  rules_->use_local_excludes(true);
  const files::IgnoreAnswer local = rules_->ask(path, is_folder);
  told.ignored = shared.ignored;
  told.ignored_locally_only = !shared.ignored && local.ignored;
  const files::IgnoreAnswer& decided = told.ignored_locally_only ? local : shared;
  if (decided.pattern != nullptr) {
    told.pattern = printable(decided.pattern->text, 200);
    told.pattern_at = {decided.file->path, decided.pattern->line, 0};
    told.rules_tracked = index_.contains(decided.file->path);
  }
  told.holds_secret = std::ranges::any_of(repository_.hits, [&](const MaterialHit& hit) {
    return hit.path == path &&
           (files::is_key(hit.material) || (files::is_secret(hit.material) && !hit.placeholder));
  });
  return told;
}

void RepositoryCollector::ask_about(const std::string& path, const std::string& why,
                                    bool referenced) {
  const bool inside =
      !path.empty() && !path.starts_with('/') && !path.starts_with("..") && path != ".";
  if (inside && asked_.insert(path).second)
    repository_.ignore.push_back(verdict(path, why, referenced));
}

void RepositoryCollector::ask_ignore_rules() {
  for (const NamedFile& named : evidence_.named_files)
    if (!named.placeholder && named.reference.use != FileUse::mounted)
      ask_about(named.path, "named by " + named.reference.named_at.text(), true);
  for (const Observation<KeyFile>& key : evidence_.key_files)
    if (key.has_value()) ask_about(key->file.path, "holds a private key", true);
  for (const Observation<CertificateFile>& file : evidence_.certificate_files)
    if (file.has_value())
      for (const FileReference& reference : file->references)
        if (reference.use != FileUse::found_in_tree && reference.use != FileUse::mounted)
          ask_about(file->file.path, "named by " + reference.named_at.text(), true);
  for (const Consumer& consumer : evidence_.consumers)
    if (files::is_environment_file(consumer.source) && !files::is_template_file(consumer.source))
      ask_about(consumer.source, "read by " + consumer.name, true);
  for (const std::string_view probe : kProbes)
    ask_about(std::string{probe}, "a name that was only tried", false);
}

bool is_material_name(std::string_view path) {
  static constexpr std::array<std::string_view, 12> kEndings{".pem", ".key", ".crt",   ".csr",
                                                             ".cer", ".der", ".p12",   ".pfx",
                                                             ".jks", ".p7b", "id_rsa", "users.acl"};
  return std::ranges::any_of(kEndings,
                             [&](std::string_view ending) { return path.ends_with(ending); }) ||
         (files::is_environment_file(path) && !files::is_template_file(path));
}

void RepositoryCollector::find_tracked_but_ignored() {
  std::set<std::string> holding;
  for (const MaterialHit& hit : repository_.hits)
    if (hit.tracked && !files::is_secret(hit.material)) holding.insert(hit.path);
  for (const auto& [path, entry] : index_)
    if ((is_material_name(path) || holding.contains(path)) && rules_->ask(path).ignored)
      repository_.tracked_but_ignored.push_back(path);
}

// openssl leaves .srl files and an index.txt where certificates are issued.
void RepositoryCollector::note_ca_directories() {
  for (const auto& [path, entry] : index_) {
    const std::size_t slash = path.rfind('/') + 1;
    const bool database =
        path.substr(slash) == "index.txt" && index_.contains(path.substr(0, slash) + "serial");
    if (!path.ends_with(".srl") && !database) continue;
    MaterialHit& hit = hit_for(path, to_text(entry.blob),
                               {Material::certificate, 0, "", true, "CA directory", false});
    hit.tracked = true;
    hit.places = {"index"};
  }
}

Observation<Repository> RepositoryCollector::collect() {
  const Provenance provenance{"repository", "", {}, "git objects", Grade::observed};
  Observation<GitDirectory> found = read_git_directory(files_);
  if (!found.has_value()) return {*found.gap(), provenance};
  git_ = *std::move(found).value();
  repository_.is_repository = true;
  repository_.shallow = git_.shallow;
  repository_.head = git_.head ? to_text(*git_.head) : "";
  repository_.history_complete = git_.gaps.empty() && !git_.object_directories.empty();
  repository_.gaps = git_.gaps;
  repository_.gaps.insert(repository_.gaps.end(), git_.notes.begin(), git_.notes.end());

  rules_ = make_ignore_rules(files_, git_);
  read_index();
  search();
  search_submodules();
  search_worktree();
  pair_with_keys();
  note_ca_directories();
  ask_ignore_rules();
  find_tracked_but_ignored();
  for (MaterialHit& hit : repository_.hits) {
    std::ranges::sort(hit.places);
    hit.places.erase(std::ranges::unique(hit.places).begin(), hit.places.end());
  }
  std::ranges::sort(repository_.hits, {}, [](const MaterialHit& hit) {
    return std::tie(hit.path, hit.line, hit.blob, hit.material);
  });
  return {std::move(repository_), provenance};
}

}  // namespace

void collect_repository(CollectContext& context, Evidence& evidence) {
  if (context.files == nullptr) {
    evidence.repository = Gap{GapReason::not_requested, "no project directory was given", ""};
    return;
  }
  evidence.repository = RepositoryCollector{context, evidence}.collect();
}

}  // namespace rta
