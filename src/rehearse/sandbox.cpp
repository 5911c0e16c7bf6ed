#include "rehearse/sandbox.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <random>
#include <thread>

#include "base/deadline.h"
#include "base/text.h"
#include "base/unique_fd.h"
#include "rehearse/conf_rewrite.h"
#include "x509/certificate.h"
#include "x509/issue.h"
#include "x509/pem.h"

namespace rta::rehearse {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMemory = std::size_t{1} << 30U;  // address space; maxmemory is 64 MB
constexpr std::size_t kFileSize = std::size_t{1} << 20U;

Error failed(std::string what) {
  return {fmt::format("{}: {}", what, std::strerror(errno)), "", ""};
}

// Keeps clear of 127.0.0.x, where people's own servers live.
std::string own_address() {
  std::random_device random;
  return fmt::format("127.{}.{}.{}", 128 + random() % 64, random() % 256, 1 + random() % 254);
}

Result<std::uint16_t> free_port(const std::string& address, UniqueFd& holder) {
  holder = UniqueFd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in where{};
  where.sin_family = AF_INET;
  ::inet_pton(AF_INET, address.c_str(), &where.sin_addr);
  socklen_t size = sizeof where;
  auto* generic = static_cast<sockaddr*>(static_cast<void*>(&where));
  if (!holder || ::bind(holder.get(), generic, sizeof where) != 0 ||
      ::getsockname(holder.get(), generic, &size) != 0)
    return failed("no free port on " + address);
  return ntohs(where.sin_port);
}

Result<void> write_private(const std::string& path, std::string_view text) {
  const UniqueFd fd{
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (!fd) return failed("writing " + path);
  while (!text.empty()) {
    const ssize_t written = ::write(fd.get(), text.data(), text.size());
    if (written < 0) return failed("writing " + path);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

std::string random_password() {
  std::random_device random;
  std::string text;
  for (int i = 0; i < 4; ++i) text += fmt::format("{:08x}", random());
  return text;
}

// RSA unless the certificate at hand says otherwise: with an ECDSA stand-in no
// RSA suite would show.
Result<x509::PrivateKey> stand_in_key() { return x509::PrivateKey::make_rsa(2048); }

// Fills what the project does not hold. True when the served certificate is ours.
Result<bool> complete(const Material& given, Material& whole, bool needs_ca) {
  whole.certificate = given.certificate;
  whole.key = given.key.clone();
  whole.ca = given.ca;
  whole.dh = given.dh;
  const bool stand_in = given.certificate.empty() || given.key.empty();
  if (!stand_in && !(needs_ca && given.ca.empty())) return false;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) -
                   std::chrono::hours{1};
  Result<x509::PrivateKey> ca_key = stand_in_key();
  if (!ca_key) return std::move(ca_key).error();
  Result<Bytes> ca = x509::self_sign(x509::proper_ca("Rehearsal CA", now, 2), *ca_key);
  if (!ca) return std::move(ca).error();
  if (whole.ca.empty()) whole.ca = x509::certificate_pem(*ca);
  if (!stand_in) return false;
  Result<Bytes> leaf =
      x509::issue(x509::proper_server({"localhost"}, {}, now, 1), *ca_key, *ca, *ca_key);
  if (!leaf) return std::move(leaf).error();
  whole.certificate = x509::certificate_pem(*leaf);
  whole.key = ca_key->pem();
  return true;
}

// The server's last words: the configuration error, else its last warning.
std::string last_words(const std::string& output) {
  const std::size_t fatal = output.find("*** FATAL CONFIG FILE ERROR");
  if (fatal != std::string::npos)
    return printable(trim(std::string_view{output}.substr(fatal)), 600);
  std::vector<std::string> warnings;
  for (const std::string_view line : split(output, '\n'))
    if (const std::size_t mark = line.find(" # "); mark != std::string_view::npos)
      warnings.push_back(printable(line.substr(mark + 3), 300));
  if (warnings.empty()) return printable(trim(output), 300);
  // "Failed to configure TLS" comes after the line that says why.
  const std::size_t from = warnings.size() > 2 ? warnings.size() - 2 : 0;
  return join({warnings.begin() + static_cast<std::ptrdiff_t>(from), warnings.end()}, "; ");
}

}  // namespace

struct Rehearsal::PrivateDirectory {
  std::string path;
  explicit PrivateDirectory(std::string made) : path(std::move(made)) {}
  PrivateDirectory(const PrivateDirectory&) = delete;
  PrivateDirectory& operator=(const PrivateDirectory&) = delete;
  ~PrivateDirectory() {
    std::error_code ignored;  // nothing can be done about a temporary directory that stays
    std::filesystem::remove_all(path, ignored);
  }
};

Rehearsal::Rehearsal() = default;
Rehearsal::Rehearsal(Rehearsal&&) noexcept = default;
Rehearsal& Rehearsal::operator=(Rehearsal&&) noexcept = default;
Rehearsal::~Rehearsal() { server_.reset(); }

std::string rehearsal_key(const RedisConfiguration& configuration) {
  return configuration.service.empty() ? "rehearsal:" + configuration.source
                                       : "rehearsal:compose:" + configuration.service;
}

std::string Rehearsal::address() const { return fmt::format("{}:{}", host_, port_); }

std::string Rehearsal::endpoint_key() const {
  return service_.empty() ? "rehearsal:" + source_ : "rehearsal:compose:" + service_;
}

Result<Rehearsal> Rehearsal::start(const RedisConfiguration& configuration,
                                   const Material& material, std::chrono::milliseconds patience) {
  const auto program = find_redis_server();
  if (!program)
    return Error{"redis-server is not installed", "",
                 "apt-get install redis-server, or redis-tools, which holds its binary"};
  const std::string* tls_port = configuration.value("tls-port");
  const std::string* clients = configuration.value("tls-auth-clients");
  if (tls_port == nullptr)
    return Error{"the configuration is not fully known", configuration.source, ""};

  Rehearsal rehearsal;
  std::string pattern = (std::filesystem::temp_directory_path() / "rta-rehearsal-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) return failed("making a private directory");
  rehearsal.directory_ = std::make_unique<PrivateDirectory>(pattern);
  rehearsal.host_ = own_address();
  rehearsal.source_ = configuration.source;
  rehearsal.service_ = configuration.service;

  Stage stage{.address = rehearsal.host_, .directory = pattern};
  // Both are held until just before the start, so that they differ.
  UniqueFd holder, tls_holder;
  const Result<std::uint16_t> port = free_port(stage.address, holder);
  const Result<std::uint16_t> secure_port = free_port(stage.address, tls_holder);
  if (!port) return port.error();
  if (!secure_port) return secure_port.error();
  stage.port = *port;
  stage.tls_port = *secure_port;
  rehearsal.port_ = *tls_port == "0" ? *port : *secure_port;
  if (!configuration.default_user_open) stage.password = random_password();

  if (*tls_port != "0") {
    Material whole;
    const Result<bool> stand_in = complete(material, whole, clients == nullptr || *clients != "no");
    if (!stand_in) return stand_in.error();
    rehearsal.stand_in_ = *stand_in;
    stage.has_ca = !whole.ca.empty();
    stage.has_dh = !whole.dh.empty();
    const std::vector<std::pair<std::string, std::string_view>> files{
        {"certificate.pem", whole.certificate},
        {"key.pem", whole.key.expose()},
        {"ca.pem", whole.ca},
        {"dh.pem", whole.dh}};
    for (const auto& [name, text] : files)
      if (!text.empty())
        if (Result<void> written = write_private(pattern + "/" + name, text); !written)
          return std::move(written).error();
  }
  RewrittenConfiguration rewritten = rewrite_configuration(configuration, stage);
  rehearsal.not_applied_ = std::move(rewritten.not_applied);
  if (Result<void> written = write_private(pattern + "/redis.conf", rewritten.text); !written)
    return std::move(written).error();

  holder = UniqueFd{};
  tls_holder = UniqueFd{};
  Result<ChildProcess> child =
      ChildProcess::start({.executable = program->executable,
                           .argv = {program->argv0, pattern + "/redis.conf"},
                           .directory = pattern,
                           .max_memory_bytes = kMemory,
                           .max_file_bytes = kFileSize,
                           .max_open_files = 256,
                           .max_cpu_seconds = 60});
  if (!child) return std::move(child).error();
  const Deadline deadline = Deadline::after(patience);
  while (child->read_output().find("Ready to accept connections") == std::string::npos) {
    if (child->wait(2ms)) return Error{last_words(child->read_output()), configuration.source, ""};
    if (deadline.passed())
      return Error{"redis-server was not ready in time", configuration.source, ""};
  }
  rehearsal.server_.emplace(std::move(*child));
  return rehearsal;
}

}  // namespace rta::rehearse
