#include <algorithm>
#include <array>

#include "base/text.h"
#include "files/artefacts/artefacts.h"

namespace rta::files {
namespace {

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

bool has_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const bool starts = at == 0 || !is_word_character(text[at - 1]);
    const std::size_t end = at + word.size();
    const bool ends = end == text.size() || !is_word_character(text[end]);
    if (starts && ends) return true;
  }
  return false;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Programs that renew certificates, with the words that must stand beside them.
struct Renewer {
  std::string_view program;
  std::string_view beside;
};
constexpr std::array kRenewers{
    Renewer{"certbot", "renew"}, Renewer{"acme.sh", "--cron"},   Renewer{"acme.sh", "--renew"},
    Renewer{"lego", "renew"},    Renewer{"step", "ca renew"},    Renewer{"step", "ca rekey"},
    Renewer{"vault", "agent"},   Renewer{"dehydrated", "-c"},    Renewer{"getssl", ""},
    Renewer{"cfssl", "sign"},    Renewer{"openssl", "x509 -req"}};

constexpr std::array<std::string_view, 6> kExpiryPrograms{
    "check_ssl_cert",    "ssl-cert-check", "check_ssl_validity", "x509-certificate-exporter",
    "blackbox_exporter", "certspotter"};

bool restarts_redis(std::string_view command) {
  const bool manages = has_word(command, "systemctl") || has_word(command, "service") ||
                       has_word(command, "docker") || has_word(command, "kubectl");
  const bool acts = has_word(command, "restart") || has_word(command, "reload") ||
                    has_word(command, "try-restart");
  return manages && acts && has(command, "redis");
}

}  // namespace

bool TargetWords::named_in(std::string_view text) const {
  return std::ranges::any_of(
      words, [&](const std::string& word) { return !word.empty() && has_word(text, word); });
}

CommandMeaning meaning_of(std::string_view command) {
  CommandMeaning meaning;
  for (const auto& [program, beside] : kRenewers) {
    if (!has_word(command, program) || !has(command, beside)) continue;
    meaning.rotates = true;
    meaning.program = program;
  }
  meaning.reloads =
      has(lower_ascii(command), "config set tls-cert-file") || restarts_redis(command);
  if (has_word(command, "redis-tls-audit")) {
    const bool scans = has_word(command, "scan") || has_word(command, "probe");
    const bool alive = scans && !has_word(command, "--offline") && !has_word(command, "--ci");
    meaning.watches_expiry = alive;
    meaning.watches_connections = alive && has_word(command, "scan");
    if (meaning.program.empty()) meaning.program = "redis-tls-audit";
  }
  if (has_word(command, "openssl") && has(command, "-checkend")) {
    meaning.watches_expiry = true;
    meaning.program = "openssl -checkend";
  }
  for (const std::string_view program : kExpiryPrograms) {
    if (!has_word(command, program)) continue;
    meaning.watches_expiry = true;
    meaning.program = program;
  }
  if (has_word(command, "redis-cli") && has(lower_ascii(command), "acl log")) {
    meaning.collects_acl_log = true;
    if (meaning.program.empty()) meaning.program = "redis-cli ACL LOG";
  }
  return meaning;
}

}  // namespace rta::files
