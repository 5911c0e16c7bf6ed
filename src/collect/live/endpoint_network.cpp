#include "collect/live/endpoint_network.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <redis_tls_audit/limits.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "base/unique_fd.h"
#include "x509/pem.h"

namespace rta {
namespace {

using std::chrono::milliseconds;

std::string server_name_of(const ScanSettings& settings, const Endpoint& endpoint) {
  const TargetSettings* target = target_of(settings, endpoint);
  return target != nullptr && !target->server_name.empty() ? target->server_name : endpoint.host;
}

Error cannot_read(const std::string& path, int error) { return {std::strerror(error), path, ""}; }

}  // namespace

std::string endpoint_key(const HostPort& place) {
  return net::Address{.ip = place.host, .port = place.port}.text();
}

std::optional<net::Address> dialled_address(const Endpoint& endpoint) {
  return net::parse_address(endpoint.address);
}

net::Budget budget_for(const ScanSettings& settings, const Endpoint& endpoint) {
  net::Budget budget;
  const milliseconds used{static_cast<std::int64_t>(endpoint.footprint.milliseconds)};
  budget.total = std::max(settings.timeout - used, milliseconds{1});
  budget.connect = std::min(settings.connect_timeout, budget.total);
  if (settings.max_connections > 0) {
    const auto made = static_cast<int>(
        std::min<std::uint64_t>(endpoint.footprint.connections, std::numeric_limits<int>::max()));
    const int left = settings.max_connections - made;
    budget.max_connections = left > 0 ? left : -1;
  }
  budget.rate_per_second = settings.rate_per_second;
  // A rehearsal serves nobody.
  budget.aggressive = settings.aggressive || endpoint.kind == EndpointKind::rehearsal;
  return budget;
}

const TargetSettings* target_of(const ScanSettings& settings, const Endpoint& endpoint) {
  if (endpoint.kind != EndpointKind::live) return nullptr;
  for (const TargetSettings& target : settings.targets) {
    const std::string key = endpoint_key(target.address);
    if (key == endpoint.key || std::ranges::find(endpoint.aliases, key) != endpoint.aliases.end()) {
      return &target;
    }
  }
  return nullptr;
}

std::string name_to_ask_for(const ScanSettings& settings, const Endpoint& endpoint) {
  const std::string name = observer_parameters(settings, endpoint).server_name;
  return net::is_numeric_ip(name) ? std::string{} : name;
}

net::TlsParameters observer_parameters(const ScanSettings& settings, const Endpoint& endpoint) {
  net::TlsParameters parameters;
  parameters.server_name = server_name_of(settings, endpoint);
  parameters.at = settings.now;
  return parameters;
}

Result<net::TlsParameters> with_credentials(net::TlsParameters parameters,
                                            const TargetSettings& target) {
  if (!target.ca_file.empty()) {
    const Result<Bytes> pem = read_operator_file(target.ca_file, limits::kCertificateBundle);
    if (!pem) return Error{pem.error()}.while_doing("reading the CA file");
    parameters.trusted = certificates_in(*pem);
    if (parameters.trusted.empty()) return Error{"no certificate in it", target.ca_file, ""};
  } else {
    parameters.trust_public_store = true;
  }
  if (target.certificate_file.empty()) return parameters;
  Result<Bytes> certificate = read_operator_file(target.certificate_file, limits::kTextFile);
  if (!certificate) return Error{certificate.error()}.while_doing("reading the client certificate");
  parameters.client_certificate_pem = std::move(*certificate);
  const std::string& key_file =
      target.key_file.empty() ? target.certificate_file : target.key_file;  // both in one file
  const Result<Bytes> key = read_operator_file(key_file, limits::kKeyFile);
  if (!key) return Error{key.error()}.while_doing("reading the client key");
  parameters.client_key_pem = std::make_shared<const Secret>(std::string{as_text(*key)});
  return parameters;
}

Result<Bytes> read_operator_file(const std::string& path, std::size_t limit) {
  // Not blocking: a FIFO must not hold the audit.
  const UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0) return cannot_read(path, errno);
  if (!S_ISREG(status.st_mode)) return Error{"not a regular file", path, ""};
  Bytes bytes(std::min(limit, static_cast<std::size_t>(status.st_size)) + 1);
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = ::read(file.get(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot_read(path, errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > limit) return Error{fmt::format("larger than {} bytes", limit), path, ""};
  bytes.resize(size);
  return bytes;
}

std::vector<Bytes> certificates_in(ByteView pem) {
  std::vector<Bytes> certificates;
  for (x509::PemBlock& block : x509::parse_pem(pem).blocks) {
    if (x509::is_certificate_label(block.label) && block.problem.empty()) {
      certificates.push_back(std::move(block.der));
    }
  }
  return certificates;
}

Grade grade_of(const Endpoint& endpoint) {
  return endpoint.kind == EndpointKind::rehearsal ? Grade::rehearsed : Grade::observed;
}

Provenance endpoint_provenance(const Endpoint& endpoint, std::string method) {
  return {"endpoints", endpoint.key, {}, std::move(method), grade_of(endpoint)};
}

}  // namespace rta
