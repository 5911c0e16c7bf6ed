// Evidence is everything observed about one deployment: at most one project
// tree, any number of endpoints, at most one host. Immutable once collected,
// free of secrets, and the only thing that checks read. Its `as_of` is the
// only "now". Saved as JSON, whose fields are those of these headers, it can be
// judged again at any time under any policy.
#pragma once

#include <redis_tls_audit/facts/artefact.h>
#include <redis_tls_audit/facts/compose.h>
#include <redis_tls_audit/facts/consumer.h>
#include <redis_tls_audit/facts/endpoint.h>
#include <redis_tls_audit/facts/file.h>
#include <redis_tls_audit/facts/redis_conf.h>
#include <redis_tls_audit/facts/repository.h>
#include <redis_tls_audit/facts/server_log.h>
#include <redis_tls_audit/time.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rta {

// What the audit was asked to look at; absence of evidence is judged by it.
struct Scope {
  std::optional<std::string> project;   // the tree as the operator named it
  std::vector<std::string> targets;     // as given by --target and the configuration
  bool offline = false;
  bool ci = false;
  bool host_is_local = false;           // redis-server runs on this machine
  std::vector<std::string> collectors;  // that ran
  std::vector<Gap> notes;               // what was left out, and why
};

// A dated statement of a person, used where nothing can be observed.
struct Attestation {
  std::string kind;                     // "rotation", "audit-logging", ...
  std::vector<std::string> targets;     // endpoint keys or "*"
  std::string statement;
  std::string by;
  std::string role;
  Timestamp date;
  Timestamp expires;
  std::vector<std::string> evidence;    // tickets, URLs, files with digest
  SourceLocation location;
  std::map<std::string, std::string> details;   // "fingerprint", "period_days", "source"
};

// What an earlier report (--history) says about one endpoint.
struct EarlierScan {
  std::string source;                   // file of the store
  Timestamp when;
  std::string endpoint;
  std::string serial;
  std::string spki_sha256;
  Timestamp not_before;
  std::string verdict;                  // of the whole report: "pass", "fail", "incomplete"
  // ACL users that had more than one password then; absent: not asked.
  std::optional<std::vector<std::string>> users_with_two_passwords;
};

struct Evidence {
  Timestamp as_of;
  std::string tool_version;
  std::string openssl_version;          // of this program: expands cipher strings
  Scope scope;

  std::vector<Endpoint> endpoints;
  std::vector<Consumer> consumers;
  std::vector<Observation<CertificateFile>> certificate_files;
  std::vector<Observation<KeyFile>> key_files;
  std::vector<NamedFile> named_files;   // every path that conf, env or compose name
  std::vector<RedisConfiguration> redis_configurations;
  Observation<ComposeProject> compose;  // Gap not_found: no compose file
  std::vector<ComposeService> kubernetes;   // containers of Kubernetes manifests, in the same terms
  Observation<Repository> repository;
  std::vector<Artefact> artefacts;
  std::uint64_t source_files_searched = 0;   // for places that switch verification off
  bool artefacts_collected = false;     // absence in `artefacts` means something only then
  std::vector<Observation<FileFacts>> secret_files;   // redis.conf, .env, users.acl with secrets
  std::vector<Attestation> attestations;
  Observation<std::vector<EarlierScan>> history;   // oldest first
  std::vector<Observation<ServerLog>> server_logs; // provenance names the endpoint or the file
  // The account that runs redis-server, when it could be found.
  std::optional<std::uint32_t> service_uid;
  std::string service_uid_reason;
  // Anchors that the operator trusts as issuing CAs (--anchor, configuration).
  std::vector<std::string> trusted_anchor_sha256;
  std::vector<Bytes> trusted_anchors;   // DER of those that were given as files
  bool trust_public_store = false;      // "public" was listed as anchor
  bool anchors_given = false;
  std::vector<Bytes> public_store;      // DER of the system's CA store entries that were needed

  [[nodiscard]] const Endpoint* endpoint(const std::string& key) const {
    for (const Endpoint& candidate : endpoints)
      if (candidate.key == key) return &candidate;
    return nullptr;
  }
  // A live endpoint was named by anyone.
  [[nodiscard]] bool has_live_endpoint() const {
    for (const Endpoint& candidate : endpoints)
      if (candidate.kind == EndpointKind::live) return true;
    return false;
  }
  // The attestation of this kind that is valid at as_of and covers the target
  // ("" = any); null when there is none.
  [[nodiscard]] const Attestation* attestation(const std::string& kind,
                                               const std::string& target = "") const;
};

}  // namespace rta
