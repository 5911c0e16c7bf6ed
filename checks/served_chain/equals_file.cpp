#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/common/certificates.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.1.ii.B"sv, "nist.SC-12"sv, "nist.CM-6"sv,
                               "sp800-52r2.3.2.1"sv, "pci.3.7.4"sv};

struct ServerFile {
  std::string path;
  Bytes leaf;
  std::vector<std::string> named_by;  // redis.conf, a service, or a running server
};

std::vector<std::string> who_names(const CertificateFile& file) {
  std::vector<std::string> names;
  for (const FileReference& reference : file.references)
    if (reference.use == FileUse::server_certificate) names.push_back(reference.by);
  return names;
}

std::vector<ServerFile> server_files(const Evidence& evidence) {
  std::vector<ServerFile> files;
  for (const Observation<CertificateFile>& file : evidence.certificate_files)
    if (file.has_value() && !file->certificates.empty() &&
        std::ranges::find(file->references, FileUse::server_certificate, &FileReference::use) !=
            file->references.end())
      files.push_back({file->file.path, file->certificates.front(), who_names(*file)});
  return files;
}

// A running server's own word goes before what any configuration says.
std::vector<ServerFile> files_of(const Endpoint& endpoint, const std::vector<ServerFile>& files) {
  std::vector<ServerFile> own;
  for (const ServerFile& file : files)
    if (std::ranges::count(file.named_by, endpoint.key) > 0) own.push_back(file);
  return own.empty() ? files : own;
}

// The running server says where its certificate lies.
std::string remedy_for(const Endpoint& endpoint) {
  const RedisServer* server = endpoint.redis.value();
  const std::string* path = server == nullptr ? nullptr : server->config_value("tls-cert-file");
  if (path == nullptr || !path->starts_with('/'))
    return "audit the project that holds tls-cert-file";
  return "on the server's own host: --allow-path " +
         printable(path->substr(0, std::max<std::size_t>(path->rfind('/'), 1)), 200);
}

void judge_endpoint(const Endpoint& endpoint, const ServedChain& chain,
                    const std::vector<ServerFile>& files, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  for (const ServerFile& file : files)
    if (file.leaf == chain.certificates.front()) {
      findings
          .pass(subject,
                fmt::format("{} serves the certificate that stands in {}", endpoint.key, file.path))
          .from(endpoint.chain);
      return;
    }
  const Result<x509::Certificate> served = x509::parse_certificate(chain.certificates.front());
  const Result<x509::Certificate> stored = x509::parse_certificate(files.front().leaf);
  const bool is_newer = served && stored && stored->not_before > served->not_before;
  const std::string& path = files.front().path;
  findings
      .fail(subject, is_newer ? fmt::format("{} still serves the certificate of {} although {} "
                                            "holds one of {}: rotated, but not reloaded",
                                            endpoint.key, to_date(served->not_before), path,
                                            to_date(stored->not_before))
                              : fmt::format("{} serves another certificate than {} holds",
                                            endpoint.key, path))
      .from(endpoint.chain)
      .expected(stored ? fmt::format("SHA-256 {}", stored->sha256) : "the certificate of the file")
      .observed(served ? fmt::format("SHA-256 {}", served->sha256) : "an unreadable certificate");
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const std::vector<ServerFile> files = server_files(evidence);
  bool any_live = false;
  for (const Endpoint& endpoint : evidence.endpoints) {
    if (endpoint.kind != EndpointKind::live) continue;
    any_live = true;
    const ServedChain* chain = real_chain(endpoint);
    if (chain == nullptr) continue;
    if (files.empty())
      findings.unknown(Subject::endpoint(endpoint.key),
                       Gap{GapReason::not_found,
                           fmt::format("the file from which {} takes its certificate was not seen",
                                       endpoint.key),
                           remedy_for(endpoint)});
    else
      judge_endpoint(endpoint, *chain, files_of(endpoint, files), findings);
  }
  say_chain_gaps(evidence, findings);
  if (!any_live)
    findings.unknown(
        Subject::deployment(),
        "no running server was looked at, so that nothing is known about what it has loaded",
        GapReason::not_requested);
}

}  // namespace

extern const Check served_chain_equals_file;
constexpr Check served_chain_equals_file{
    .info = {.code = "RTA-CHAIN-003",
             .title = "The served certificate is the one in the file",
             .core = {10},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::fail, Status::unknown},
             .needs = {Need::project_files, Need::served_chain},
             .controls = kControls,
             .remediation = "redis-cli ... CONFIG SET tls-cert-file <path> tls-key-file <path>, "
                            "and the same in the renewal hook"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
