#include "collect/git/repository_ignore.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "files/keys/key_material.h"

namespace rta {
namespace {

// Names that are tried: rules must hold for files that do not exist yet.
constexpr std::array<std::string_view, 19> kProbes{"x.pem",          "x.key",
                                                   "x.crt",          "x.csr",
                                                   "x.cer",          "x.der",
                                                   "x.p7b",          "x.p12",
                                                   "x.pfx",          "x.jks",
                                                   "x.pem~",         "id_rsa",
                                                   "x.pem.bak",      "certs/redis/x.pem",
                                                   ".env",           "users.acl",
                                                   "dump.rdb",       ".env.local",
                                                   ".env.production"};

bool is_material_name(std::string_view path) {
  static constexpr std::array<std::string_view, 12> kEndings{".pem", ".key", ".crt",   ".csr",
                                                             ".cer", ".der", ".p12",   ".pfx",
                                                             ".jks", ".p7b", "id_rsa", "users.acl"};
  return std::ranges::any_of(kEndings,
                             [&](std::string_view ending) { return path.ends_with(ending); }) ||
         (files::is_environment_file(path) && !files::is_template_file(path));
}

class Asker {
 public:
  Asker(RepositoryReading& reading, const Evidence& evidence, Repository& repository)
      : reading_(reading), evidence_(evidence), repository_(repository) {
    for (const MaterialHit& hit : repository.hits) {
      if (hit.tracked && !files::is_secret(hit.material)) tracked_material_.insert(hit.path);
      if (files::is_key(hit.material) || (files::is_secret(hit.material) && !hit.placeholder))
        holding_secrets_.insert(hit.path);
    }
  }

  void run() {
    ask_about_named_files();
    ask_about_files_in_other_case();
    for (const std::string_view probe : kProbes)
      ask_about(std::string{probe}, "a name that was only tried", false);
    find_tracked_but_ignored();
    find_hidden_changes();
  }

 private:
  void ask_about_named_files();
  void ask_about_files_in_other_case();
  void ask_about(const std::string& path, const std::string& why, bool referenced);
  IgnoreVerdict verdict(const std::string& path, std::string why, bool referenced);
  void find_tracked_but_ignored();
  void find_hidden_changes();

  RepositoryReading& reading_;
  const Evidence& evidence_;
  Repository& repository_;
  std::set<std::string> asked_, tracked_material_, holding_secrets_;
};

SourceLocation place_of(const files::IgnoreAnswer& answer) {
  return {answer.file->path, answer.pattern->line, 0};
}

IgnoreVerdict Asker::verdict(const std::string& path, std::string why, bool referenced) {
  IgnoreRules& rules = reading_.rules;
  IgnoreVerdict told;
  told.path = path;
  told.why = std::move(why);
  told.referenced = referenced;
  told.exists = reading_.files.exists(path);
  told.tracked = reading_.index.tracks(path);
  const files::IgnoreAnswer shared = rules.shared(path);
  const files::IgnoreAnswer here = rules.here(path);
  told.ignored = shared.ignored;
  told.ignored_locally_only = !shared.ignored && here.ignored;
  const files::IgnoreAnswer& decided = told.ignored_locally_only ? here : shared;
  if (decided.pattern != nullptr) {
    told.pattern = printable(decided.pattern->text, 200);
    told.pattern_at = place_of(decided);
  }
  told.rules_tracked = shared.ignored && rules.tracked(path).ignored;
  if (decided.pattern != nullptr && decided.pattern->negative) {
    const files::IgnoreAnswer undone = rules.before(path, decided);
    if (undone.ignored) {
      told.reopened_pattern = printable(undone.pattern->text, 200);
      told.reopened_at = place_of(undone);
    }
  }
  told.other_case_ignored = !here.ignored && rules.without_case(path).ignored;
  told.holds_secret = holding_secrets_.contains(path);
  return told;
}

void Asker::ask_about(const std::string& path, const std::string& why, bool referenced) {
  const bool inside =
      !path.empty() && !path.starts_with('/') && !path.starts_with("..") && path != ".";
  if (inside && asked_.insert(path).second)
    repository_.ignore.push_back(verdict(path, why, referenced));
}

void Asker::ask_about_named_files() {
  for (const NamedFile& named : evidence_.named_files)
    // DH parameters are public, and no certificate.
    if (!named.placeholder && named.reference.use != FileUse::mounted &&
        named.reference.use != FileUse::dh_parameters)
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
}

// CA.PEM and server.Crt escape from *.pem and *.crt where case counts.
void Asker::ask_about_files_in_other_case() {
  for (const TreeEntry& entry : reading_.files.listing().entries)
    if (entry.is_regular && !is_material_name(entry.path) &&
        is_material_name(lower_ascii(entry.path)))
      ask_about(entry.path, "lies in the tree", false);
}

void Asker::find_tracked_but_ignored() {
  for (const auto& [path, entry] : reading_.index.entries) {
    if (!is_material_name(path) && !tracked_material_.contains(path)) continue;
    const files::IgnoreAnswer answer = reading_.rules.here(path);
    if (answer.ignored)
      repository_.tracked_but_ignored.push_back(
          {path, printable(answer.pattern->text, 200), place_of(answer)});
  }
}

void Asker::find_hidden_changes() {
  for (const auto& [path, entry] : reading_.index.entries) {
    const bool skipped = entry.skip_worktree && !reading_.git.sparse;
    if ((entry.assume_unchanged || skipped) && is_material_name(path))
      repository_.hidden_changes.push_back(
          {path, entry.assume_unchanged ? "assume-unchanged" : "skip-worktree"});
  }
}

}  // namespace

void ask_ignore_rules(RepositoryReading& reading, const Evidence& evidence,
                      Repository& repository) {
  Asker{reading, evidence, repository}.run();
  for (const Gap& gap : reading.rules.gaps()) repository.gaps.push_back(gap);
}

}  // namespace rta
