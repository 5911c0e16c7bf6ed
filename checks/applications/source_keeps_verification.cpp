#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "checks/common/consumers.h"

#include "base/text.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv,    "nist.SC-8"sv, "nist.SA-11"sv,
                               "sp800-52r2.4.5"sv, "pci.6.2.4"sv, "pci.4.2.1"sv};

constexpr const char* kExpected = "no code that switches verification off";

constexpr std::string_view kLoadTheCa =
    "load the CA instead: tls: { ca: fs.readFileSync(process.env.REDIS_TLS_CA_PATH) }";

struct Remedy {
  std::string_view where;  // a piece of what was found, or the end of the file's name
  std::string_view fix;
};
// What was found decides before the language does.
constexpr std::array kByFinding{
    Remedy{"NODE_TLS_REJECT_UNAUTHORIZED",
           "remove it, and name the CA: NODE_EXTRA_CA_CERTS=/etc/ssl/redis/ca.pem"},
    Remedy{"checkServerIdentity",
           "remove it; where the certificate has another name than the host: tls: { servername: "
           "\"redis.example.org\" }"},
    Remedy{"redis-cli", "redis-cli --tls --cacert /etc/ssl/redis/ca.pem"},
    Remedy{"ssl_cert_reqs=", "?ssl_cert_reqs=required&ssl_ca_certs=/etc/ssl/redis/ca.pem"},
    Remedy{"ssl_cert_reqs",
           "ssl_cert_reqs=\"required\", ssl_ca_certs=os.environ[\"REDIS_TLS_CA_PATH\"]"},
    Remedy{"check_hostname", "remove it, and issue a certificate with the name that clients dial"},
    Remedy{"sslEnableEndpointIdentification",
           "remove it, and issue a certificate with the name that clients dial"},
    Remedy{"EnableEndpointIdentification(",
           "remove it, and issue a certificate with the name that clients dial"},
    Remedy{"HostnameVerifier",
           "remove it, and issue a certificate with the name that clients dial"},
    Remedy{"skip_verify=",
           "remove the parameter, and load the CA: TLSConfig: &tls.Config{RootCAs: pool}"},
    Remedy{"verifyPeer=", "?verifyPeer=FULL, with the CA in the client's trust store"}};
constexpr std::array kByLanguage{
    Remedy{".go", "load the CA instead: TLSConfig: &tls.Config{RootCAs: pool}"},
    Remedy{".py", "ssl.create_default_context(cafile=os.environ[\"REDIS_TLS_CA_PATH\"])"},
    Remedy{".rb", "ssl_params: { ca_file: ENV.fetch(\"REDIS_TLS_CA_PATH\") }"},
    Remedy{".php",
           "\"ssl\" => [\"cafile\" => $caFile, \"verify_peer\" => true, "
           "\"verify_peer_name\" => true]"},
    Remedy{".java", "remove it, and put the CA into the client's trust store"},
    Remedy{".kt", "remove it, and put the CA into the client's trust store"},
    Remedy{".properties", "remove it, and put the CA into the client's trust store"},
    Remedy{".cs", "remove it, and trust the CA: options.TrustIssuer(\"/etc/ssl/redis/ca.pem\")"},
    Remedy{".rs",
           "Client::build_with_tls(url, TlsCertificates { client_tls: None, root_cert: "
           "Some(ca) })"},
    Remedy{".ex",
           "socket_opts: [verify: :verify_peer, cacertfile: "
           "System.fetch_env!(\"REDIS_TLS_CA_PATH\")]"},
    Remedy{".exs",
           "socket_opts: [verify: :verify_peer, cacertfile: "
           "System.fetch_env!(\"REDIS_TLS_CA_PATH\")]"},
    Remedy{".yml", "remove it, and name the CA in its place"},
    Remedy{".yaml", "remove it, and name the CA in its place"},
    Remedy{".toml", "remove it, and name the CA in its place"}};

std::string_view remedy(const Artefact& artefact) {
  for (const Remedy& one : kByFinding)
    if (artefact.summary.find(one.where) != std::string::npos) return one.fix;
  for (const Remedy& one : kByLanguage)
    if (artefact.location.path.ends_with(one.where)) return one.fix;
  return kLoadTheCa;
}

void judge_place(const Artefact& artefact, const Policy& policy, Findings& findings) {
  const Subject subject = Subject::file(artefact.location.path);
  const std::string line = fmt::format("{}: {}", artefact.location.text(), artefact.summary);
  const auto detail = [&](Findings::Entry entry) {
    entry.expected(kExpected)
        .observed(artefact.summary)
        .at(artefact.location)
        .variant(line)
        .remediation(std::string{remedy(artefact)})
        .grade(Grade::declared);
  };
  if (artefact.test_or_document)
    detail(findings.info(subject, line + " switches verification off in a test or document"));
  else if (artefact.conditional)
    detail(findings.warn(
        subject, line + " switches verification off under a condition that was not evaluated"));
  else
    detail(judge(findings, policy.verification.off, subject, line + " switches verification off"));
}

// An application whose image is built from this project has its code here.
const ComposeService* built_here(const Evidence& evidence) {
  const ComposeProject* project = evidence.compose.value();
  if (project == nullptr) return nullptr;
  for (const ComposeService& service : project->services)
    if (!service.is_redis && !service.build_context.empty()) return &service;
  return nullptr;
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  std::vector<const Artefact*> clean;  // code about Redis that holds nothing of the kind
  for (const Artefact& artefact : evidence.artefacts) {
    const bool is_code = artefact.kind == ArtefactKind::source_code ||
                         artefact.kind == ArtefactKind::script ||
                         artefact.kind == ArtefactKind::dockerfile;
    if (!is_code || artefact.purpose != Purpose::verification_off) continue;
    if (artefact.enabled)
      judge_place(artefact, policy, findings);
    else
      clean.push_back(&artefact);
  }
  if (!findings.empty()) return;
  const auto& ran = evidence.scope.collectors;
  if (std::ranges::find(ran, "source_code") == ran.end())
    findings.unknown(Subject::deployment(), "no source code was searched",
                     GapReason::not_requested);
  else if (const ComposeService* service = built_here(evidence);
           service != nullptr && evidence.source_files_searched == 0)
    findings
        .unknown(Subject::deployment(),
                 fmt::format("compose builds {} here, and none of its source code was seen",
                             printable(service->name, 80)),
                 GapReason::not_found)
        .expected(kExpected);
  else if (evidence.source_files_searched == 0)
    findings.not_applicable(Subject::deployment(), "the project holds no application source code");
  else if (clean.empty())
    findings
        .unknown(Subject::deployment(),
                 fmt::format("{} of source code were searched and none uses a Redis library: the "
                             "code that connects was not seen",
                             counted(evidence.source_files_searched, "file")),
                 GapReason::not_found)
        .expected(kExpected);
  else
    findings
        .pass(Subject::deployment(),
              fmt::format("the code about Redis ({}{}) holds none of the known ways to switch "
                          "verification off; {} of source code searched",
                          clean.front()->location.path,
                          clean.size() == 1 ? "" : fmt::format(" and {} more", clean.size() - 1),
                          counted(evidence.source_files_searched, "file")))
        .expected(kExpected)
        .observed("no hit")
        .at(clean.front()->location)
        .grade(Grade::declared);
}

}  // namespace

extern const Check applications_source_keeps_verification;
constexpr Check applications_source_keeps_verification{
    .info = {.code = "RTA-ENV-009",
             .title = "Source code does not switch verification off",
             .core = {7},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::source_code},
             .controls = kControls,
             .remediation = kLoadTheCa},
    .evaluate = evaluate,
};

}  // namespace rta::checks
