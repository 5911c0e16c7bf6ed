// Policy is every threshold and choice that checks are judged by, as plain
// data. A profile is a named Policy in checks/profiles/*.toml; profiles may
// extend one another. Values never stand in a check.
#pragma once

#include <redis_tls_audit/enum_names.h>
#include <redis_tls_audit/facts/tls.h>
#include <redis_tls_audit/finding.h>
#include <redis_tls_audit/time.h>

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rta {

// What a profile makes of a condition that it may forbid, dislike or allow.
enum class Verdict { pass, info, warn, fail };

template <>
struct EnumNames<Verdict> {
  static constexpr std::array table{
      EnumName<Verdict>{Verdict::pass, "pass"}, EnumName<Verdict>{Verdict::info, "info"},
      EnumName<Verdict>{Verdict::warn, "warn"}, EnumName<Verdict>{Verdict::fail, "fail"}};
};

// Days after which something warns or fails; absent = never.
struct DayLimits {
  std::optional<int> warn;
  std::optional<int> fail;
};

struct TlsPolicy {
  std::set<ProtocolVersion> allowed;           // tls.allowed
  Verdict tls13_missing = Verdict::warn;
};

struct SuitePolicy {
  Verdict static_key_exchange = Verdict::fail;
  Verdict cbc = Verdict::warn;                 // with forward secrecy
  Verdict chacha20 = Verdict::pass;
  Verdict ccm8 = Verdict::warn;
  Verdict aria_camellia = Verdict::warn;       // also SEED and GOST
  std::vector<CipherSuite> exact_list;         // empty = judged by properties
};

struct KeyExchangePolicy {
  std::vector<NamedGroup> allowed_groups;      // empty = judged by strength
  int min_group_bits = 224;
  Verdict weak_curves = Verdict::warn;         // 224-bit and sect* curves
  bool nist_curves_only = false;               // X25519/X448 alone warn
  int min_dh_bits = 2048;
  Verdict dhe = Verdict::pass;                 // mozilla-modern: fail
  Verdict post_quantum_missing = Verdict::info;
  std::optional<Timestamp> post_quantum_warn_from;
};

struct CertificatePolicy {
  int min_rsa_bits = 2048;
  int min_ec_bits = 256;
  std::vector<std::string> allowed_key_types;  // empty = all; "EC P-256", "EC P-384"
  Verdict non_nist_curve = Verdict::pass;
  DayLimits max_days_private{398, 1095};       // validity span of leaves
  bool san_required = true;                    // false: a missing SAN warns
  int expiry_warn_days = 30;
  bool expiry_warn_third = true;               // or a third of the lifetime, when shorter
  int expiry_fail_days = 7;
};

struct TrustPolicy {
  Verdict self_signed_leaf = Verdict::fail;
  Verdict placeholder_ca = Verdict::fail;
};

struct VerificationPolicy {
  Verdict off = Verdict::fail;
};

struct ListenerPolicy {
  Verdict plaintext_on_loopback_configured = Verdict::fail;   // CONF-001
  Verdict plaintext_on_loopback_observed = Verdict::warn;     // PLAIN-002
};

struct KeyFilePolicy {
  Verdict group_read = Verdict::warn;
  Verdict world_read = Verdict::fail;
  Verdict ca_key_in_tree = Verdict::fail;
};

struct AccessPolicy {
  Verdict unauthenticated = Verdict::fail;             // AUTH-001 and its like
  Verdict unauthenticated_on_loopback = Verdict::fail;
  Verdict shared_users = Verdict::warn;
  int min_password_length = 16;
  int min_password_bits = 60;
  Verdict no_client_certificates = Verdict::warn;
};

struct RotationPolicy {
  DayLimits max_age{90, 398};
  Verdict same_key = Verdict::warn;
  int ca_days_left = 365;                      // below it, clients need the next CA already
  int second_password_days = 30;               // after which two passwords are an unfinished rotation
};

struct VersionControlPolicy {
  Verdict public_ca_tracked = Verdict::warn;
};

struct MonitoringPolicy {
  int max_gap_days = 2;
  int min_threshold_days = 14;
};

struct ConnectionPolicy {
  int max_handshake_failures_percent = 1;      // of the connections that the server received
};

struct VersionPolicy {
  int table_days = 180;                        // age from which the table of releases proves no pass
};

struct AuditPolicy {
  bool informative_only = false;               // every finding of AUD becomes info
  Verdict no_access_audit = Verdict::warn;     // pci: fail; the rest manual
  int local_days = 30;
  std::string retention = "6 years of documentation";
  int min_acllog = 128;
  int max_log_age_hours = 24;                  // of the newest line
};

struct SessionPolicy {
  Verdict no_timeout = Verdict::warn;          // timeout 0
  int max_timeout_seconds = 3600;
};

// What the gate requires. An item outside the list is shown and does not decide.
struct CoverageRule {
  std::set<int> items;                         // 1 to 12 and 13 = S
  std::set<int> items_if_seen;                 // decide only where something of them was seen
  Grade min_grade = Grade::effective;          // that a pass needs at least once per item
};

struct Policy {
  std::string profile;                         // "hipaa"
  std::string title;
  std::string description;
  bool production = true;                      // false: development
  TlsPolicy tls;
  SuitePolicy suites;
  KeyExchangePolicy key_exchange;
  CertificatePolicy certificates;
  TrustPolicy trust;
  VerificationPolicy verification;
  ListenerPolicy listeners;
  KeyFilePolicy key_files;
  AccessPolicy access;
  RotationPolicy rotation;
  VersionControlPolicy version_control;
  MonitoringPolicy monitoring;
  ConnectionPolicy connections;
  VersionPolicy versions;
  AuditPolicy audit;
  SessionPolicy sessions;
  std::set<int> items_needing_attestation{4, 10, 11, 12};
  CoverageRule coverage;                       // of an ordinary audit
  CoverageRule coverage_ci;                    // of --ci and --offline
  std::vector<std::string> deselected;         // codes of checks that this profile leaves out
  std::map<std::string, Severity> severity;    // overrides by code
  std::vector<std::string> truthy;             // further words a service takes as true
  std::string digest;                          // SHA-256 of the canonical form, lower-case hex
};

// Adds the finding that a verdict of the policy asks for: pass, info, warn or fail.
Findings::Entry judge(Findings& findings, Verdict verdict, Subject subject, std::string message);

}  // namespace rta
