#include <redis_tls_audit/check.h>

#include <charconv>

#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.1"sv, "nist.AC-3"sv, "nist.AC-6"sv, "pci.7.2.1"sv};
constexpr unsigned kOthers = 07;  // the bits of everybody else

std::optional<unsigned> octal(std::string_view text) {
  unsigned mode = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return mode;
}

// Somebody may use the socket without a password. Absent = not known.
std::optional<bool> has_open_user(const ConfigurationView& view) {
  if (view.declared != nullptr) {
    const bool open = std::ranges::any_of(view.declared->users, [](const ConfigurationUser& user) {
      return user.enabled && user.nopass;
    });
    return open || view.declared->default_user_open;
  }
  const RedisServer* server = view.endpoint->redis.value();
  const std::vector<AclUser>* users = server == nullptr ? nullptr : server->users.value();
  if (users == nullptr) return std::nullopt;
  return std::ranges::any_of(*users,
                             [](const AclUser& user) { return user.enabled && user.nopass; });
}

void judge_socket(const ConfigurationView& view, const std::string& path,
                  const std::string& mode_text, Findings& findings) {
  const Provenance source = view.provenance("unixsocketperm");
  const std::string expected = "unixsocketperm 770 or less";
  const std::string observed = "unixsocketperm " + mode_text;
  const std::optional<unsigned> mode = octal(mode_text);
  const std::optional<bool> open = has_open_user(view);
  if (!mode) {
    findings
        .unknown(view.subject, "unixsocketperm is no octal mode: " + mode_text,
                 GapReason::malformed)
        .from(source);
  } else if ((*mode & kOthers) != 0) {
    findings
        .fail(view.subject, fmt::format("every account of the host may use the socket {}: mode {}",
                                        path, mode_text))
        .expected(expected)
        .observed(observed)
        .from(source);
  } else if (*mode == 0) {
    // Redis changes the mode only when the directive is not 0.
    findings
        .warn(view.subject,
              fmt::format("the mode of the socket {} is left to the umask of redis-server", path))
        .expected(expected)
        .observed(observed)
        .from(source);
  } else if (open.value_or(false)) {
    findings
        .warn(view.subject,
              fmt::format("the socket {} (mode {}) needs no password", path, mode_text))
        .expected("every enabled user has a password")
        .observed(observed)
        .from(source);
  } else {
    findings
        .pass(view.subject,
              fmt::format("the socket {} is closed to other accounts: mode {}", path, mode_text))
        .expected(expected)
        .observed(observed)
        .from(source);
  }
}

void judge_configuration(const ConfigurationView& view, Findings& findings) {
  const std::string* path = view.value("unixsocket");
  const std::string* mode = view.value("unixsocketperm");
  if (path == nullptr) {
    findings.unknown(view.subject, view.gap("unixsocket"));
  } else if (path->empty()) {
    findings.pass(view.subject, "there is no local socket")
        .observed("unixsocket is empty")
        .from(view.provenance("unixsocket"));
  } else if (mode == nullptr) {
    findings.unknown(view.subject, view.gap("unixsocketperm"));
  } else {
    judge_socket(view, *path, *mode, findings);
  }
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const ConfigurationView& view : configurations(evidence))
    judge_configuration(view, findings);
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check plaintext_local_socket_guarded;
constexpr Check plaintext_local_socket_guarded{
    .info = {.code = "RTA-PLAIN-004",
             .title = "Local sockets do not bypass access control",
             .core = {},
             .supports = {13},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::project_files, Need::redis_server},
             .controls = kControls,
             .remediation = "unixsocketperm 770"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
