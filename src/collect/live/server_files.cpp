// The certificate, key and CA files that a running server names (CONFIG GET),
// read where it runs on this very machine and the operator allowed the
// directory. What the project's own configuration names was read before.
#include <ifaddrs.h>
#include <netdb.h>
#include <redis_tls_audit/limits.h>

#include <array>
#include <fstream>
#include <memory>

#include "base/text.h"
#include "base/wipe.h"
#include "collect/collectors.h"
#include "collect/key_material.h"

namespace rta {
namespace {

struct NamedAs {
  const char* parameter;
  FileUse use;
};
constexpr std::array kParameters{NamedAs{"tls-cert-file", FileUse::server_certificate},
                                 NamedAs{"tls-key-file", FileUse::server_key},
                                 NamedAs{"tls-ca-cert-file", FileUse::server_ca},
                                 NamedAs{"tls-client-cert-file", FileUse::client_certificate},
                                 NamedAs{"tls-client-key-file", FileUse::client_key}};

// "10.0.0.1" of "10.0.0.1:6379", "::1" of "[::1]:6379".
std::string ip_of(const std::string& address) {
  const std::string host = address.substr(0, address.rfind(':'));
  return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

bool is_address_of_this_host(const std::string& ip) {
  if (ip.starts_with("127.")) return true;
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return false;
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> held{list, ::freeifaddrs};
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr) continue;
    const int family = entry->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    char text[NI_MAXHOST] = {};
    const auto size = static_cast<socklen_t>(family == AF_INET ? sizeof(sockaddr_in)
                                                               : sizeof(sockaddr_in6));
    if (::getnameinfo(entry->ifa_addr, size, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0 &&
        ip == text)
      return true;
  }
  return false;
}

// The process that the server says it is runs here, and is a Redis: a server
// in a container, or behind a tunnel, has other files under the same names.
bool runs_here(const Endpoint& endpoint, const RedisServer& server) {
  const std::string* process = server.info_value("process_id");
  if (process == nullptr || process->empty() || process->size() > 10 ||
      process->find_first_not_of("0123456789") != std::string::npos ||
      !is_address_of_this_host(ip_of(endpoint.address)))
    return false;
  std::ifstream file{"/proc/" + *process + "/cmdline", std::ios::binary};
  std::string command(256, '\0');
  file.read(command.data(), static_cast<std::streamsize>(command.size()));
  command.resize(static_cast<std::size_t>(file.gcount()));
  return std::ranges::any_of(std::array{"redis", "valkey", "keydb"}, [&](const char* name) {
    return command.find(name) != std::string::npos;
  });
}

// Adds who names it to what was read already.
template <class File>
bool add_reference(std::vector<Observation<File>>& files, const std::string& path,
                   const FileReference& reference) {
  bool found = false;
  for (Observation<File>& observed : files) {
    File* file = observed.value();
    if (file == nullptr || file->file.path != path) continue;
    file->references.push_back(reference);
    found = true;
  }
  return found;
}

void take_certificate(const ProjectFiles& files, const std::string& path,
                      const FileReference& reference, Evidence& evidence) {
  if (add_reference(evidence.certificate_files, path, reference)) return;
  const Provenance from{"server_files", {}, {path, 0, 0}, "read", Grade::observed};
  const Observation<OpenedFile> opened = files.read(path, limits::kCertificateBundle);
  if (const Gap* gap = opened.gap()) {
    evidence.certificate_files.emplace_back(*gap, from);
    return;
  }
  CertificateFile file = read_certificates(opened->bytes);
  file.file = opened->facts;
  file.file.path = path;
  file.references = {reference};
  evidence.certificate_files.emplace_back(std::move(file), from);
}

void take_key(const ProjectFiles& files, const std::string& path, const FileReference& reference,
              Evidence& evidence) {
  if (add_reference(evidence.key_files, path, reference)) return;
  const Provenance from{"server_files", {}, {path, 0, 0}, "fstat, read", Grade::observed};
  Observation<OpenedFile> opened = files.read(path, limits::kKeyFile);
  if (const Gap* gap = opened.gap()) {
    evidence.key_files.emplace_back(*gap, from);
    return;
  }
  for (KeyFile& key : read_keys(opened->bytes)) {
    key.file = opened->facts;
    key.file.path = path;
    key.references = {reference};
    evidence.key_files.emplace_back(std::move(key), from);
  }
  wipe(opened.value()->bytes);
}

void take_files(const ProjectFiles& files, bool in_project, const Endpoint& endpoint,
                const RedisServer& server, Evidence& evidence) {
  const std::string* directory = server.config_value("dir");
  for (const NamedAs& named : kParameters) {
    const std::string* told = server.config_value(named.parameter);
    if (told == nullptr || told->empty()) continue;
    const bool is_relative = !told->starts_with('/');
    if (is_relative && directory == nullptr) continue;
    const std::string whole = is_relative ? *directory + "/" + *told : *told;
    const std::string path = in_project ? files.relative(whole) : whole;
    const FileReference reference{named.use, {}, endpoint.key};
    Observation<FileFacts> facts = files.inspect(path);
    // Who allowed another directory, say that of the log, did not ask for these.
    if (facts.gap() != nullptr && facts.gap()->reason == GapReason::outside_scope) continue;
    evidence.named_files.push_back(
        {.declared = *told, .path = path, .reference = reference, .file = std::move(facts)});
    if (is_key_use(named.use))
      take_key(files, path, reference, evidence);
    else
      take_certificate(files, path, reference, evidence);
  }
}

}  // namespace

void collect_server_files(CollectContext& context, Evidence& evidence) {
  const std::vector<std::string>& allowed = context.settings.allow_paths;
  if (allowed.empty()) return;
  std::optional<ProjectFiles> without_project;
  const ProjectFiles* files = context.files;
  if (files == nullptr)
    if (auto opened = ProjectFiles::open(allowed.front(), allowed))
      files = &without_project.emplace(std::move(*opened));
  if (files == nullptr) return;
  context.progress("reading the servers' own files");
  for (const Endpoint& endpoint : evidence.endpoints) {
    const RedisServer* server = endpoint.redis.value();
    if (endpoint.kind == EndpointKind::live && server != nullptr && runs_here(endpoint, *server))
      take_files(*files, context.files != nullptr, endpoint, *server, evidence);
  }
}

}  // namespace rta
