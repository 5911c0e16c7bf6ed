#include "files/clients/kill_switch.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace rta::files {
namespace {

constexpr std::string_view kName = "NODE_TLS_REJECT_UNAUTHORIZED";
constexpr std::size_t kHitsPerFile = 100;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string file_name(std::string_view path) {
  return lower_ascii(path.substr(path.rfind('/') + 1));
}

std::string_view skip(std::string_view text, std::string_view characters) {
  text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
  return text;
}

// Exactly 0, in quotes or not; Node takes every other text as "verify".
bool is_zero(std::string_view value) {
  value = skip(value, " \t\"'\\");
  return value.starts_with('0') && (value.size() == 1 || !is_name_character(value[1])) &&
         !value.starts_with("0.");
}

// NAME=0, NAME: "0", "NAME": "0", NAME 0 (ENV of a Dockerfile), and
// {name: NAME, value: "0"}, whose value may stand on the next line.
bool is_switched_off(std::string_view rest, std::string_view next_line) {
  std::string_view after = skip(rest, "\"'\\");
  const bool blank = after.starts_with(' ') || after.starts_with('\t');
  after = skip(after, " \t");
  if (after.starts_with('=') && !after.starts_with("==")) return is_zero(after.substr(1));
  if (after.starts_with(':')) return is_zero(after.substr(after.starts_with(":=") ? 2 : 1));
  const auto value_of = [](std::string_view text) {
    text = skip(text, " \t,\"'");
    if (!text.starts_with("value")) return false;
    text = skip(text.substr(5), " \t\"'");
    return (text.starts_with(':') || text.starts_with('=')) && is_zero(text.substr(1));
  };
  if (after.starts_with(',')) return value_of(after);
  if (after.empty() || after == "\r") return value_of(next_line);
  return blank && is_zero(after);
}

// A script of package.json for a developer or a test is not what is deployed.
bool is_of_developers(std::string_view line) {
  const std::size_t start = line.find('"');
  if (start == std::string_view::npos) return false;
  const std::string key =
      lower_ascii(line.substr(start + 1, line.find('"', start + 1) - start - 1));
  return std::ranges::any_of(std::array{"test", "dev", "local", "debug", "lint", "e2e", "watch"},
                             [&](const char* word) { return key.contains(word); });
}

}  // namespace

bool may_start_programs(std::string_view path) {
  const std::string name = file_name(path);
  if (name.starts_with("docker-compose") || name.starts_with("compose.")) return false;
  for (const std::string_view known :
       {"package.json", "procfile", "makefile", "dockerfile", "containerfile", "app.json",
        "crontab", "fly.toml", "ecosystem.config.json"})
    if (name == known) return true;
  for (const std::string_view ending :
       {".dockerfile", ".mk", ".service", ".yml", ".yaml", ".tf", ".cron", ".nomad", ".hcl"})
    if (name.ends_with(ending)) return true;
  return name.starts_with("dockerfile.") || name.starts_with("procfile.");
}

std::vector<VerificationHit> find_kill_switches(ByteView bytes, std::string_view path) {
  std::vector<VerificationHit> hits;
  const std::string_view text = as_text(bytes);
  if (text.find(kName) == std::string_view::npos) return hits;
  const bool is_json = file_name(path).ends_with(".json");
  const std::vector<std::string_view> lines = split(text, '\n');
  for (std::size_t i = 0; i < lines.size() && hits.size() < kHitsPerFile; ++i) {
    const std::string_view start = trim(lines[i]);
    if (start.starts_with('#') || start.starts_with("//") || start.starts_with(';')) continue;
    for (std::size_t at = lines[i].find(kName); at != std::string_view::npos;
         at = lines[i].find(kName, at + 1)) {
      if (at > 0 && is_name_character(lines[i][at - 1])) continue;
      const std::string_view rest = lines[i].substr(at + kName.size());
      if (!is_switched_off(rest, i + 1 < lines.size() ? lines[i + 1] : std::string_view{}))
        continue;
      hits.push_back({static_cast<int>(i) + 1, static_cast<int>(at) + 1,
                      std::string{kName} + " set to 0", false,
                      is_json && is_of_developers(lines[i])});
      break;
    }
  }
  return hits;
}

}  // namespace rta::files
