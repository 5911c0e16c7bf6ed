// Repository is what git's own data says: which paths are tracked, what its
// ignore rules cover, which key material stands in any object. Read without
// running git.
#pragma once

#include <redis_tls_audit/observation.h>

#include <cstdint>
#include <string>
#include <vector>

namespace rta {

// What was found inside a blob or a file.
enum class Material {
  private_key, private_key_encrypted, private_key_openssh, pkcs12, java_keystore,
  private_key_probable, certificate, certificate_request, environment_secret, redis_secret
};

template <>
struct EnumNames<Material> {
  static constexpr std::array table{
      EnumName<Material>{Material::private_key, "private-key"},
      EnumName<Material>{Material::private_key_encrypted, "private-key-encrypted"},
      EnumName<Material>{Material::private_key_openssh, "private-key-openssh"},
      EnumName<Material>{Material::pkcs12, "private-key-pkcs12"},
      EnumName<Material>{Material::java_keystore, "private-key-jks"},
      EnumName<Material>{Material::private_key_probable, "private-key-probable"},
      EnumName<Material>{Material::certificate, "certificate"},
      EnumName<Material>{Material::certificate_request, "certificate-request"},
      EnumName<Material>{Material::environment_secret, "environment-secret"},
      EnumName<Material>{Material::redis_secret, "redis-secret"}};
};

struct MaterialHit {
  std::string path;                    // of the blob, as last seen
  std::string blob;                    // object id, hex
  Material material = Material::private_key;
  std::vector<std::string> places;     // "index", "branch:main", "stash", "history", ...
  bool tracked = false;                // in the index or in the tree of HEAD
  std::string spki_sha256;             // of a readable key or certificate
  bool is_ca = false;                  // certificates: CA:TRUE
  bool pairs_with_local_key = false;
  int line = 0;                        // of the secret inside the file
  int column = 0;                      // of the line, from 1 in bytes
  std::string detail;                  // "REDIS_PASSWORD", never a value
  bool template_file = false;          // .example, .sample, .template
  bool placeholder = false;            // the secret is an obvious placeholder
};

struct IgnoreVerdict {
  std::string path;
  std::string why;                     // "named by redis.conf:5", "probe name"
  bool referenced = false;             // false: a name that was only tried
  bool exists = false;
  bool ignored = false;                // by rules that travel with the repository
  bool ignored_locally_only = false;   // .git/info/exclude or core.excludesFile alone
  bool tracked = false;
  std::string pattern;                 // the deciding pattern
  SourceLocation pattern_at;
  bool rules_tracked = false;          // the rule is under version control itself, as it stands
  bool other_case_ignored = false;     // a rule would match if the case of letters did not count
  std::string reopened_pattern;        // the rule that a deciding negation undoes
  SourceLocation reopened_at;
  bool holds_secret = false;           // a key or a secret stands in the file now
};

// Ignore rules do nothing for a file that is tracked already.
struct TrackedButIgnored {
  std::string path;
  std::string pattern;
  SourceLocation pattern_at;
};

// A tracked file whose changes git was told not to look at.
struct HiddenChanges {
  std::string path;
  std::string flag;                    // "assume-unchanged" or "skip-worktree"
};

struct Repository {
  bool is_repository = false;
  bool has_commits = false;
  bool shallow = false;
  bool sparse = false;                 // a sparse checkout: not all tracked files are here
  bool index_read = false;             // which paths are tracked is known
  std::string head;                    // commit id
  std::uint64_t tracked_files = 0;
  std::uint64_t objects_searched = 0;
  std::vector<MaterialHit> hits;
  std::vector<IgnoreVerdict> ignore;
  std::vector<TrackedButIgnored> tracked_but_ignored;   // TLS material and .env only
  std::vector<HiddenChanges> hidden_changes;            // likewise
  std::vector<Gap> gaps;               // incomplete history, foreign ownership ...
  bool history_complete = false;       // every reachable object was searched
};

}  // namespace rta
