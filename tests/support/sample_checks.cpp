#include "tests/support/sample_checks.h"

#include <redis_tls_audit/assert.h>

#include <array>

namespace rta::testing {
namespace {

using enum Severity;
using Controls = std::span<const std::string_view>;

constexpr std::array kTransmission{"hipaa.312.e.1"sv, "hipaa.312.e.2.ii"sv, "nist.SC-8.1"sv,
                                   "sp800-52r2.3.1"sv, "pci.4.2.1"sv};
constexpr std::array kIdentity{"hipaa.312.d"sv, "nist.IA-5.2"sv, "RFC 5280"sv};
constexpr std::array kAccess{"hipaa.312.a.1"sv, "nist.AC-3"sv};
constexpr std::array kReview{"hipaa.308.a.1.ii.D"sv, "nist.AU-6"sv};

constexpr StatusSet kAny{Status::pass,   Status::warn,    Status::fail,
                         Status::manual, Status::unknown, Status::not_applicable};

void silent(const Evidence&, const Policy&, Findings&) {}

constexpr SampleCheck sample(std::string_view name, CheckCode code, std::string_view title,
                             ItemSet core, ItemSet supports, Severity severity, Controls controls,
                             std::string_view remediation = {}) {
  return {name, {{code, title, core, supports, severity, kAny, {}, controls, remediation}, silent}};
}

constexpr std::array kChecks{
    sample("access/default_user_closed", "RTA-AUTH-002", "The default user is off or narrow", {13},
           {}, critical, kAccess, "user default off"),
    sample("access/no_passwordless_user", "RTA-AUTH-003", "No user works without a password", {13},
           {}, critical, kAccess),
    sample("access/unauthenticated_refused", "RTA-AUTH-001",
           "Unauthenticated clients cannot run commands", {13}, {}, critical, kAccess,
           "user default off\nuser backend on >… ~queue:* +@read +@write"),
    sample("applications/backend_tls_enabled", "RTA-ENV-001", "The backend has TLS enabled", {5},
           {}, critical, kTransmission),
    sample("applications/backend_verifies", "RTA-ENV-004", "The backend verifies its server", {7},
           {}, critical, kIdentity),
    sample("applications/session_completes", "RTA-ENV-006",
           "Each consumer's own parameters complete a verified session", {5, 6}, {}, critical,
           kTransmission),
    sample("applications/usable_ca", "RTA-ENV-003", "Each consumer names a usable CA", {5, 6, 7},
           {}, high, kIdentity, "REDIS_TLS_CA_PATH=certs/redis/ca-cert.pem"),
    sample("applications/worker_tls_enabled", "RTA-ENV-002", "The worker has TLS enabled", {6}, {},
           critical, kTransmission),
    sample("audit_trail/access_source", "RTA-AUD-004", "An access-audit source is identified", {12},
           {}, high, kReview),
    sample("audit_trail/durable_log", "RTA-AUD-001", "The server log has a durable destination",
           {12}, {}, high, kReview, "logfile /var/log/redis/redis-server.log"),
    sample("certificates/expiry_margin", "RTA-CERT-002",
           "Certificates are within their validity, with margin", {3, 4}, {}, critical, kIdentity),
    sample("certificates/key_size", "RTA-CERT-003", "Keys are strong enough", {3}, {}, high,
           kIdentity),
    sample("certificates/subject_alt_name", "RTA-CERT-007",
           "subjectAltName covers every name clients use", {7}, {}, high, kIdentity,
           "subjectAltName = DNS:redis, DNS:localhost"),
    sample("certificates/trusted_issuer", "RTA-CERT-009",
           "The issuer is a CA that the policy trusts", {3}, {}, high, kIdentity),
    sample("certificates/validity_span", "RTA-CERT-005", "The validity span is within policy", {10},
           {}, medium, kIdentity),
    sample("ciphers/explicit_allow_list", "RTA-CIP-007",
           "The cipher string is an explicit allow-list", {2}, {}, high, kTransmission,
           "tls-ciphers ECDHE+AESGCM:ECDHE+CHACHA20"),
    sample("ciphers/no_broken_suite", "RTA-CIP-001", "No broken suite is offered", {2}, {},
           critical, kTransmission),
    sample("ciphers/no_cbc", "RTA-CIP-004", "CBC suites are not offered", {2}, {}, medium,
           kTransmission),
    sample("ciphers/no_static_key_exchange", "RTA-CIP-002", "Every suite has forward secrecy", {2},
           {}, high, kTransmission, "tls-ciphers ECDHE+AESGCM:ECDHE+CHACHA20"),
    sample("compose/least_privilege_mounts", "RTA-DOCK-003", "Mounts follow least privilege", {8},
           {}, high, kAccess),
    sample("compose/redis_not_published", "RTA-DOCK-002", "Redis is not published to the world", {},
           {13}, high, kAccess, "ports: [\"127.0.0.1:6379:6379\"]"),
    sample("connections/all_on_tls", "RTA-CONN-001",
           "Every connected client is on the TLS listener", {11}, {}, critical, kReview),
    sample("connections/monitored", "RTA-CONN-004", "TLS connections are monitored", {11}, {},
           medium, kReview),
    sample("expiry_monitoring/configured", "RTA-MON-002", "Expiry monitoring is configured", {4},
           {}, medium, kReview),
    sample("expiry_monitoring/days_left", "RTA-MON-001",
           "Days to expiry of every certificate in use", {4}, {}, medium, kReview),
    sample("plaintext/endpoint_refuses_plaintext", "RTA-PLAIN-001",
           "The endpoint does not speak plaintext", {1, 5, 6}, {}, critical, kTransmission),
    sample("private_keys/ca_key_elsewhere", "RTA-KEY-005", "The CA's key is not in the deployment",
           {8}, {}, critical, kAccess),
    sample("private_keys/mode", "RTA-KEY-001", "Private keys are readable by their owner only", {8},
           {}, critical, kAccess, "chmod 600 FILE"),
    sample("private_keys/owner", "RTA-KEY-002", "Private keys belong to the service or to root",
           {8}, {}, high, kAccess),
    sample("protocol/tls10_refused", "RTA-TLS-003", "TLS 1.0 is refused", {1}, {}, high,
           kTransmission),
    sample("protocol/tls11_refused", "RTA-TLS-004", "TLS 1.1 is refused", {1}, {}, high,
           kTransmission),
    sample("protocol/tls_served", "RTA-TLS-001", "TLS is served on the declared endpoint", {1}, {},
           critical, kTransmission),
    sample("redis_conf/tls_listener_only", "RTA-CONF-001",
           "The TLS listener is configured, the plaintext one closed", {1}, {}, critical,
           kTransmission, "port 0\ntls-port 6379"),
    sample("rotation/scheduled", "RTA-ROT-002", "Rotation is scheduled", {10}, {}, medium, kReview),
    sample("rotation/young_certificate", "RTA-ROT-001",
           "The served certificate is younger than the rotation period", {10}, {}, medium, kReview),
    sample("served_chain/name_matches", "RTA-CHAIN-002",
           "The served certificate matches the consumer's name", {7}, {}, high, kIdentity),
    sample("served_chain/verifies", "RTA-CHAIN-001",
           "The served chain verifies with the application's trust", {3, 7}, {}, critical,
           kIdentity),
    sample("version_control/env_untracked", "RTA-VCS-006", "Environment files are not tracked", {9},
           {}, high, kAccess),
    sample("version_control/no_key_tracked", "RTA-VCS-001", "No private key is tracked", {9}, {},
           critical, kAccess),
    sample("version_control/rules_cover_material", "RTA-VCS-004", "Ignore rules cover the material",
           {9}, {}, medium, kAccess, ".env\n*.p12\nusers.acl")};

}  // namespace

std::span<const SampleCheck> sample_checks() { return kChecks; }

const SampleCheck& sample_check(std::string_view code) {
  for (const SampleCheck& candidate : kChecks)
    if (candidate.check.info.code.text == code) return candidate;
  RTA_ASSERT(!"sample reports name only sample checks");
}

}  // namespace rta::testing
