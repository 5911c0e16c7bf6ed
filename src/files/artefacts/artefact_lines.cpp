// Artefacts told line by line: log pipelines, managed services, runbooks.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "files/artefacts/artefacts.h"

namespace rta::files {
namespace {

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool is_document(std::string_view path) {
  return path.ends_with(".md") || path.ends_with(".rst") || path.ends_with(".adoc") ||
         path.ends_with(".txt");
}

bool is_test_path(std::string_view path) {
  const std::string slashed = "/" + std::string{path};
  return has(slashed, "/test/") || has(slashed, "/tests/") || has(slashed, "/spec/") ||
         has(slashed, "/docs/") || is_document(path);
}

struct Line {
  std::string text;  // joined with the lines that a backslash adds to it
  int number = 0;
};

std::vector<Line> logical_lines(std::string_view content) {
  std::vector<Line> lines;
  std::string pending;
  int number = 0, first = 1;
  for (const std::string_view raw : split(content, '\n')) {
    ++number;
    if (pending.empty()) first = number;
    const std::string_view line = trim(raw);
    if (line.ends_with('\\') && pending.size() < 16'384) {
      pending += std::string{trim(line.substr(0, line.size() - 1))} + " ";
      continue;
    }
    lines.push_back({pending + std::string{line}, first});
    pending.clear();
  }
  if (!pending.empty()) lines.push_back({pending, first});
  return lines;
}

Artefact at(const std::string& path, int line, ArtefactKind kind, Purpose purpose,
            std::string summary) {
  Artefact artefact{
      .kind = kind, .purpose = purpose, .location = {path, line, 1}, .summary = std::move(summary)};
  artefact.test_or_document = is_test_path(path);
  return artefact;
}

// A command of a runbook that proves nothing, and why.
struct RunbookDefect {
  std::string_view needle;
  std::string_view beside;
  std::string_view why;
};
constexpr std::array kDefects{
    RunbookDefect{"client list", "grep ssl",
                  "CLIENT LIST has no TLS field on any Redis: this prints nothing"},
    RunbookDefect{"client list", "grep -i ssl",
                  "CLIENT LIST has no TLS field on any Redis: this prints nothing"},
    RunbookDefect{"client list", "grep tls",
                  "CLIENT LIST has no TLS field on any Redis: this prints nothing"},
    RunbookDefect{"info", "grep ssl", "INFO has no line with ssl: this prints nothing"},
    RunbookDefect{"info", "grep -i ssl", "INFO has no line with ssl: this prints nothing"},
    RunbookDefect{"tcpdump", "-i lo0",
                  "lo0 is the loopback of macOS, and bytes that look random prove no verification"},
    RunbookDefect{"redis-cli", "--insecure", "--insecure tests a connection to anybody"},
    RunbookDefect{"chmod", "*.key.pem",
                  "*.key.pem matches no file named like redis-server-key.pem"},
    RunbookDefect{"tail", "grep -i \"ssl",
                  "the log names TLS only for failed handshakes, and only if a logfile is set"},
};

// The value after an option, without quotes: --auth-token "x" or --auth-token=x.
std::string option_value(std::string_view text, std::string_view option) {
  const std::size_t found = text.find(option);
  if (found == std::string_view::npos) return {};
  std::string_view rest = text.substr(found + option.size());
  rest.remove_prefix(std::min(rest.find_first_not_of(" ="), rest.size()));
  if (!rest.empty() && (rest.front() == '"' || rest.front() == '\'')) {
    const char quote = rest.front();
    rest.remove_prefix(1);
    return std::string{rest.substr(0, rest.find(quote))};
  }
  return std::string{rest.substr(0, rest.find_first_of(" \t"))};
}

bool is_reference(std::string_view value) {
  return value.empty() || value.starts_with('$') || has(value, "var.") || has(value, "data.") ||
         has(value, "random_");
}

void read_aws_command(std::vector<Artefact>& found, const Line& line, const std::string& path) {
  const bool creates = has(line.text, "elasticache create-") ||
                       has(line.text, "elasticache modify-replication-group") ||
                       has(line.text, "memorydb create-cluster");
  if (!creates) return;
  Artefact artefact = at(path, line.number, ArtefactKind::script, Purpose::managed_service,
                         "a managed Redis is created from the command line");
  if (!has(line.text, "--transit-encryption-enabled") && !has(line.text, "--tls-enabled"))
    artefact.problems.push_back("fail: --transit-encryption-enabled is missing");
  if (has(line.text, "--transit-encryption-mode preferred"))
    artefact.problems.push_back("fail: --transit-encryption-mode preferred lets plaintext in");
  if (!has(line.text, "--at-rest-encryption-enabled"))
    artefact.problems.push_back("warn: --at-rest-encryption-enabled is missing");
  if (!has(line.text, "--auth-token") && !has(line.text, "--user-group-ids") &&
      !has(line.text, "--acl-name"))
    artefact.problems.push_back("warn: neither --auth-token nor --user-group-ids is given");
  if (!has(line.text, "--log-delivery-configurations"))
    artefact.problems.push_back("warn: no --log-delivery-configurations");
  found.push_back(std::move(artefact));
}

// The CAs of RDS sign for databases; ElastiCache and MemoryDB are publicly
// trusted. Whoever fetches that bundle for Redis ends up without verification.
void read_provider_anchor(std::vector<Artefact>& found, const Line& line, const std::string& path) {
  if (!has(line.text, "truststore.pki.rds.amazonaws.com") &&
      !has(line.text, "rds-combined-ca-bundle"))
    return;
  Artefact artefact = at(path, line.number, ArtefactKind::script, Purpose::managed_service,
                         "the CA bundle of RDS is fetched for a managed Redis");
  artefact.problems.push_back(
      "anchor: the bundle that is fetched holds the CAs of RDS, which do not sign for ElastiCache");
  found.push_back(std::move(artefact));
}

void read_literal_token(std::vector<Artefact>& found, const Line& line, const std::string& path) {
  for (const std::string_view option : {"--auth-token", "auth_token"}) {
    if (has(line.text, "--auth-token-update")) continue;
    const std::string value = option_value(line.text, option);
    if (!has(line.text, option) || is_reference(value) || value == "=") continue;
    // What is shorter is the next word of a sentence about the option.
    const bool placeholder = looks_like_placeholder_secret(value);
    if (value.size() < kShortestAuthToken && !placeholder) continue;
    Artefact artefact = at(path, line.number, ArtefactKind::script, Purpose::literal_secret,
                           fmt::format("{} is written out", option));
    if (placeholder) artefact.problems.push_back("it is a placeholder from documentation");
    found.push_back(std::move(artefact));
    return;
  }
}

// The body of a Terraform block from its opening line to the closing brace.
std::string block_body(const std::vector<Line>& lines, std::size_t from) {
  std::string body;
  int depth = 0;
  for (std::size_t i = from; i < lines.size() && i < from + 400; ++i) {
    const std::string& text = lines[i].text;
    if (trim(text).starts_with('#') || trim(text).starts_with("//")) continue;
    body += text + "\n";
    depth += static_cast<int>(std::ranges::count(text, '{')) -
             static_cast<int>(std::ranges::count(text, '}'));
    if (depth <= 0 && i > from) break;
    if (depth <= 0 && has(text, "}")) break;
  }
  return body;
}

// "key = value" with the blanks folded: value, or empty.
std::string attribute(std::string_view body, std::string_view key) {
  for (const std::string_view raw : split(body, '\n')) {
    const std::string_view line = trim(raw);
    if (!line.starts_with(key)) continue;
    const std::string_view rest = trim(line.substr(key.size()));
    if (rest.starts_with('=')) return std::string{trim(rest.substr(1))};
  }
  return {};
}

void read_terraform_block(std::vector<Artefact>& found, const std::vector<Line>& lines,
                          std::size_t i, const std::string& path) {
  const std::string& head = lines[i].text;
  if (!head.starts_with("resource ")) return;
  const std::string body = block_body(lines, i);
  Artefact artefact = at(path, lines[i].number, ArtefactKind::terraform, Purpose::managed_service,
                         printable(head.substr(0, head.find('{')), 120));
  const auto needs = [&](std::string_view key, std::string_view right, std::string_view level) {
    const std::string value = attribute(body, key);
    if (value != right && value != fmt::format("\"{}\"", right))
      artefact.problems.push_back(fmt::format("{}: {} is {}, not {}", level, key,
                                              value.empty() ? "missing" : printable(value, 40),
                                              right));
  };
  if (has(head, "aws_elasticache_replication_group")) {
    needs("transit_encryption_enabled", "true", "fail");
    if (attribute(body, "transit_encryption_mode") == "\"preferred\"")
      artefact.problems.push_back(
          "fail: transit_encryption_mode is preferred, which lets plaintext in");
    needs("at_rest_encryption_enabled", "true", "warn");
    if (attribute(body, "auth_token").empty() && attribute(body, "user_group_ids").empty())
      artefact.problems.push_back("warn: neither auth_token nor user_group_ids is set");
    if (!has(body, "log_delivery_configuration"))
      artefact.problems.push_back("warn: no log_delivery_configuration");
  } else if (has(head, "azurerm_redis_cache")) {
    for (const char* key : {"enable_non_ssl_port", "non_ssl_port_enabled"})
      if (attribute(body, key) == "true")
        artefact.problems.push_back(fmt::format("fail: {} is true", key));
    const std::string version = attribute(body, "minimum_tls_version");
    if (version != "\"1.2\"" && version != "\"1.3\"")
      artefact.problems.push_back("fail: minimum_tls_version is not 1.2 or 1.3");
  } else if (has(head, "google_redis_instance")) {
    needs("transit_encryption_mode", "SERVER_AUTHENTICATION", "fail");
    needs("auth_enabled", "true", "fail");
  } else {
    return;
  }
  found.push_back(std::move(artefact));
}

}  // namespace

std::vector<Artefact> read_log_pipeline(std::string_view content, const std::string& path,
                                        const TargetWords& targets) {
  std::vector<Artefact> found;
  const std::string lower_path = lower_ascii(path);
  const bool rotates = has(lower_path, "logrotate");
  const bool ships = has(lower_path, "fluent") || has(lower_path, "vector") ||
                     has(lower_path, "promtail") || has(lower_path, "rsyslog") ||
                     has(lower_path, "filebeat");
  if (!rotates && !ships) return found;
  for (const Line& line : logical_lines(content)) {
    if (line.text.starts_with('#') || !has(line.text, "redis") || !has(line.text, "log")) continue;
    Artefact artefact =
        at(path, line.number, rotates ? ArtefactKind::logrotate : ArtefactKind::log_shipping,
           rotates ? Purpose::log_retention : Purpose::log_shipping,
           rotates ? "the Redis log is rotated" : "the Redis log is shipped");
    artefact.covers_target = targets.named_in(content) || has(line.text, "/redis");
    if (rotates) {
      int days = 1;
      int kept = 0;
      for (const std::string_view raw : split(content, '\n')) {
        const std::string_view word = trim(raw);
        if (word == "weekly") days = 7;
        if (word == "monthly") days = 31;
        if (word.starts_with("rotate ")) kept = std::atoi(std::string{word.substr(7)}.c_str());
      }
      artefact.period_days = days * kept;
      artefact.schedule = fmt::format("keeps {} days", days * kept);
    }
    found.push_back(std::move(artefact));
    break;
  }
  return found;
}

std::vector<Artefact> read_managed_service(std::string_view content, const std::string& path) {
  std::vector<Artefact> found;
  const std::vector<Line> lines = logical_lines(content);
  const bool about_redis = has(content, "elasticache") || has(content, "memorydb") ||
                           has(content, "cache.amazonaws.com");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].text.starts_with('#')) continue;
    read_aws_command(found, lines[i], path);
    if (about_redis) read_provider_anchor(found, lines[i], path);
    read_literal_token(found, lines[i], path);
    if (path.ends_with(".tf")) read_terraform_block(found, lines, i, path);
  }
  return found;
}

std::vector<Artefact> read_runbook(std::string_view content, const std::string& path) {
  std::vector<Artefact> found;
  for (const Line& line : logical_lines(content)) {
    // In a script a comment runs nothing; in a document "#" starts a heading.
    if (!is_document(path) && line.text.starts_with('#')) continue;
    const std::string lower = lower_ascii(line.text);
    for (const RunbookDefect& defect : kDefects) {
      if (!has(lower, defect.needle) || !has(lower, defect.beside)) continue;
      Artefact artefact =
          at(path, line.number, is_document(path) ? ArtefactKind::document : ArtefactKind::script,
             Purpose::runbook_defect, std::string{defect.why});
      artefact.command = printable(line.text, 200);
      found.push_back(std::move(artefact));
      break;
    }
  }
  return found;
}

}  // namespace rta::files
