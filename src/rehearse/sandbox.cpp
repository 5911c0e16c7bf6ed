#include "rehearse/sandbox.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <random>

#include "base/deadline.h"
#include "base/digest.h"
#include "base/text.h"
#include "rehearse/conf_rewrite.h"
#include "rehearse/directive_treatment.h"
#include "rehearse/last_words.h"
#include "rehearse/private_directory.h"
#include "rehearse/stand_in.h"

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

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Result<void> write_private(const std::string& path, std::string_view text) {
  const UniqueFd fd{
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (!fd || !write_all(fd.get(), text)) return failed("writing " + path);
  return {};
}

std::string random_hex(int words) {
  std::random_device random;
  std::string text;
  for (int i = 0; i < words; ++i) text += fmt::format("{:08x}", random());
  return text;
}

Refusal not_ours(Error error) { return {.error = std::move(error)}; }

// The ports are held until just before the start, so that they differ.
class HeldPorts {
 public:
  Result<void> take(Stage& stage) {
    for (std::uint16_t* port : {&stage.port, &stage.tls_port, &stage.bus_port}) {
      auto found = free_port(stage.address, holders_.emplace_back());
      if (!found) return std::move(found).error();
      *port = *found;
    }
    return {};
  }
  void release() { holders_.clear(); }

 private:
  std::vector<UniqueFd> holders_;
};

using Paths = std::vector<std::pair<std::string, std::string>>;

// Replaces the private server's file names by those of the project.
std::string with_project_paths(std::string text, const Paths& paths) {
  for (const auto& [ours, theirs] : paths) {
    if (theirs.empty()) continue;
    for (std::size_t at = text.find(ours); at != std::string::npos;
         at = text.find(ours, at + theirs.size()))
      text.replace(at, ours.size(), theirs);
  }
  return text;
}

bool needs_tls(const RedisConfiguration& configuration) {
  const auto is = [&](const char* name, std::string_view value) {
    const std::string* found = configuration.value(name);
    return found != nullptr && *found == value;
  };
  return !is("tls-port", "0") || is("tls-replication", "yes") || is("tls-cluster", "yes");
}

bool needs_ca(const RedisConfiguration& configuration) {
  const auto is = [&](const char* name, std::string_view value) {
    const std::string* found = configuration.value(name);
    return found != nullptr && *found == value;
  };
  return !is("tls-auth-clients", "no") || is("tls-replication", "yes") || is("tls-cluster", "yes");
}

// Certificates and keys for the server, which inherits them open: they are on
// no disk, whenever this program or the server ends.
class MaterialInMemory {
 public:
  Result<void> give(const ServedMaterial& whole, const Material& given, Stage& stage) {
    const auto put = [&](std::string_view text, const std::string& theirs, std::string& path) {
      if (text.empty()) return true;
      // Without close-on-exec, on purpose.
      UniqueFd fd{::memfd_create("rehearsal", 0)};
      if (!fd || !write_all(fd.get(), text)) return false;
      path = fmt::format("/proc/self/fd/{}", fd.get());
      paths_.emplace_back(path, theirs);
      files_.push_back(std::move(fd));
      return true;
    };
    if (put(whole.certificate, given.certificate.path, stage.certificate) &&
        put(whole.key.expose(), given.key_path, stage.key) &&
        put(whole.ca, given.ca.path, stage.ca) && put(whole.dh, given.dh.path, stage.dh))
      return {};
    return failed("keeping certificates in memory");
  }
  // Ours, and what the project calls them.
  [[nodiscard]] const Paths& paths() const { return paths_; }

 private:
  std::vector<UniqueFd> files_;
  Paths paths_;
};

enum class Start { ready, ended, late };

Start wait_until_ready(ChildProcess& child, std::chrono::milliseconds patience) {
  const Deadline deadline = Deadline::after(patience);
  const auto ready = [&child] {
    const std::string& output = child.read_output();
    return output.find("Ready to accept connections") != std::string::npos ||
           output.find("Sentinel ID is") != std::string::npos;
  };
  while (!ready()) {
    if (child.wait(1ms)) return Start::ended;
    if (deadline.passed()) return Start::late;
  }
  return Start::ready;
}

Refusal refusal_of(const LastWords& words, const RewrittenConfiguration& rewritten,
                   const RedisConfiguration& configuration, const Paths& paths) {
  Refusal refusal{.by_configuration = words.about_configuration};
  refusal.error = {with_project_paths(words.text, paths), configuration.source, ""};
  if (words.directive.starts_with("tls-"))
    refusal.error.what = "Failed to configure TLS: " + refusal.error.what;
  if (words.text.empty()) refusal.error.what = "redis-server ended without a word";
  if (words.line > 0 && static_cast<std::size_t>(words.line) <= rewritten.lines.size())
    refusal.at = rewritten.lines[static_cast<std::size_t>(words.line) - 1].at;
  else if (!words.directive.empty())
    refusal.at = configuration.where(words.directive);
  return refusal;
}

// The directive of the project that this release does not know.
std::optional<std::string> unknown_directive(const LastWords& words,
                                             const RewrittenConfiguration& rewritten) {
  if (!words.unknown_directive || words.line < 1 ||
      static_cast<std::size_t>(words.line) > rewritten.lines.size())
    return std::nullopt;
  const std::string& name = rewritten.lines[static_cast<std::size_t>(words.line) - 1].directive;
  const DirectiveTreatment* known = treatment_of(name);
  if (known == nullptr || known->treatment != Treatment::applied) return std::nullopt;
  return name;
}

Result<ChildProcess> launch(const RedisServerProgram& program, const std::string& directory,
                            bool sentinel) {
  ProcessSpec spec{.executable = program.executable,
                   .argv = {program.argv0, std::string{kConfigurationFile}},
                   .directory = directory,
                   .max_memory_bytes = kMemory,
                   .max_file_bytes = kFileSize,
                   .max_open_files = 512,
                   .max_cpu_seconds = 60};
  if (sentinel) spec.argv.emplace_back("--sentinel");
  return ChildProcess::start(spec);
}

}  // namespace

Rehearsal::Rehearsal() = default;
Rehearsal::Rehearsal(Rehearsal&&) noexcept = default;
Rehearsal& Rehearsal::operator=(Rehearsal&&) noexcept = default;
Rehearsal::~Rehearsal() {
  // There is nothing to save, and a polite end takes a tenth of a second.
  if (server_ && server_->pid() > 0) ::kill(-server_->pid(), SIGKILL);
  server_.reset();
}

std::string rehearsal_key(const RedisConfiguration& configuration) {
  return configuration.service.empty() ? "rehearsal:" + configuration.source
                                       : "rehearsal:compose:" + configuration.service;
}

std::string Rehearsal::address() const { return fmt::format("{}:{}", host_, port_); }

std::string Rehearsal::endpoint_key() const {
  return service_.empty() ? "rehearsal:" + source_ : "rehearsal:compose:" + service_;
}

const std::string& Rehearsal::directory() const { return directory_->path(); }

UniqueFd Rehearsal::connect_to_socket() const {
  // A socket's name holds 107 bytes, a temporary directory's may hold more.
  const UniqueFd directory{::open(directory_->path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  UniqueFd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (!directory || !fd || observer_.name.empty()) return UniqueFd{};
  sockaddr_un where{};
  where.sun_family = AF_UNIX;
  const std::string path = fmt::format("/proc/self/fd/{}/{}", directory.get(), kSocketFile);
  std::memcpy(where.sun_path, path.c_str(), std::min(path.size() + 1, sizeof where.sun_path - 1));
  const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&where));
  if (::connect(fd.get(), generic, sizeof where) != 0) return UniqueFd{};
  return fd;
}

Observer Observer::with(std::string rules) {
  return {.name = "rehearsal-" + random_hex(2),
          .password = Secret{random_hex(8)},
          .rules = std::move(rules)};
}

std::expected<Rehearsal, Refusal> Rehearsal::start(const RedisConfiguration& configuration,
                                                   const Material& material, Observer observer,
                                                   std::chrono::milliseconds patience) {
  const auto refuse = [](Error error) { return std::unexpected{not_ours(std::move(error))}; };
  const auto program = find_redis_server();
  if (!program)
    return refuse({"redis-server is not installed", "",
                   "apt-get install redis-server, or redis-tools, which holds its binary"});
  const std::string* tls_port = configuration.value("tls-port");
  if (tls_port == nullptr)
    return refuse({"the configuration is not fully known", configuration.source, ""});

  Rehearsal rehearsal;
  auto directory = PrivateDirectory::make();
  if (!directory) return refuse(std::move(directory).error());
  rehearsal.directory_ = std::move(*directory);
  const std::string& path = rehearsal.directory_->path();
  rehearsal.source_ = configuration.source;
  rehearsal.service_ = configuration.service;
  rehearsal.host_ = own_address();

  Stage stage{.address = rehearsal.host_,
              .observer = observer.name,
              .observer_sha256 = sha256_hex(as_bytes(observer.password.expose())),
              .observer_rules = observer.rules};
  rehearsal.password_ = Secret{random_hex(8)};
  stage.password_sha256 = sha256_hex(as_bytes(rehearsal.password_.expose()));
  rehearsal.observer_ = std::move(observer);
  MaterialInMemory files;
  if (needs_tls(configuration)) {
    auto whole = complete_material(material, needs_ca(configuration));
    if (!whole) return refuse(whole.error());
    if (auto given = files.give(*whole, material, stage); !given)
      return refuse(std::move(given).error());
    rehearsal.stand_in_ = whole->stand_in;
    rehearsal.stand_in_ca_ = whole->stand_in_ca;
    rehearsal.made_ = std::move(whole->made);
  }

  // Once more for each directive that this release does not know.
  for (std::size_t attempt = 0; attempt <= directive_treatments().size(); ++attempt) {
    HeldPorts held;
    if (auto taken = held.take(stage); !taken) return refuse(std::move(taken).error());
    const RewrittenConfiguration rewritten = rewrite_configuration(configuration, stage);
    const std::string file = fmt::format("{}/{}", path, kConfigurationFile);
    ::unlink(file.c_str());
    if (auto written = write_private(file, rewritten.text); !written)
      return refuse(std::move(written).error());
    held.release();
    auto child = launch(*program, path, is_for_sentinel(configuration));
    if (!child) return refuse(std::move(child).error());
    switch (wait_until_ready(*child, patience)) {
      case Start::late:
        return refuse({"redis-server was not ready in time", configuration.source, ""});
      case Start::ended: {
        const LastWords words = read_last_words(child->read_output());
        const auto unknown = unknown_directive(words, rewritten);
        if (!unknown || !stage.unknown.insert(*unknown).second)
          return std::unexpected{
              refusal_of(words, rewritten, configuration, files.paths())};
        break;
      }
      case Start::ready:
        rehearsal.port_ = *tls_port == "0" ? stage.port : stage.tls_port;
        rehearsal.not_applied_ = rewritten.not_applied;
        rehearsal.unknown_here_ = stage.unknown;
        rehearsal.server_.emplace(std::move(*child));
        ::unlink(file.c_str());  // it has been read
        return rehearsal;
    }
  }
  return refuse({"redis-server knows too few of the directives", configuration.source, ""});
}

}  // namespace rta::rehearse
