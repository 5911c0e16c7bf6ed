// Command lines that create or change a managed Redis: aws, az, gcloud.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "files/artefacts/artefact_text.h"
#include "files/artefacts/managed_services.h"

namespace rta::files {
namespace {

// What one command line asks for.
class Command {
 public:
  explicit Command(std::string_view text) : text_(text) {}

  [[nodiscard]] bool runs(std::string_view words) const { return has(text_, words); }
  // As a whole word: --no-x is not --x, nor is --x-y.
  [[nodiscard]] bool has_option(std::string_view option) const {
    return place_of(option) != std::string_view::npos;
  }
  [[nodiscard]] bool has_any(std::initializer_list<std::string_view> options) const {
    return std::ranges::any_of(options,
                               [this](std::string_view option) { return has_option(option); });
  }
  // "required" of --mode required, --mode=required and --mode "required".
  [[nodiscard]] std::string value(std::string_view option) const {
    const std::size_t at = place_of(option);
    if (at == std::string_view::npos) return {};
    std::string_view rest = text_.substr(at + option.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(" ="), rest.size()));
    if (!rest.empty() && (rest.front() == '"' || rest.front() == '\'')) {
      const char quote = rest.front();
      rest.remove_prefix(1);
      return std::string{rest.substr(0, rest.find(quote))};
    }
    return std::string{rest.substr(0, rest.find_first_of(" \t"))};
  }

 private:
  [[nodiscard]] std::size_t place_of(std::string_view option) const {
    for (std::size_t at = text_.find(option); at != std::string_view::npos;
         at = text_.find(option, at + 1)) {
      const std::size_t end = at + option.size();
      const bool starts = at == 0 || text_[at - 1] == ' ' || text_[at - 1] == '\t';
      const bool ends =
          end == text_.size() || text_[end] == ' ' || text_[end] == '\t' || text_[end] == '=';
      if (starts && ends) return at;
    }
    return std::string_view::npos;
  }

  std::string_view text_;
};

using Problems = std::vector<std::string>;

void judge_new_aws(const Command& command, Problems& problems) {
  if (!command.has_option("--transit-encryption-enabled"))
    problems.emplace_back("fail: --transit-encryption-enabled is missing");
  if (!command.has_option("--at-rest-encryption-enabled"))
    problems.emplace_back("warn: --at-rest-encryption-enabled is missing");
  if (!command.has_any({"--auth-token", "--user-group-ids"}))
    problems.emplace_back("warn: neither --auth-token nor --user-group-ids is given");
  if (!command.has_option("--log-delivery-configurations"))
    problems.emplace_back("warn: no --log-delivery-configurations");
}

// What creation and change have in common.
bool judge_aws_encryption(const Command& command, Problems& problems) {
  const bool refused = command.has_any({"--no-transit-encryption-enabled", "--no-tls-enabled"});
  if (refused) problems.emplace_back("fail: encryption in transit is switched off");
  const std::string mode = command.value("--transit-encryption-mode");
  if (mode == "preferred")
    problems.emplace_back("fail: --transit-encryption-mode preferred lets plaintext in");
  return refused || !mode.empty() || command.has_option("--transit-encryption-enabled");
}

// None: nothing that creates a Redis or decides on its encryption.
std::optional<Problems> judge_aws(const Command& command) {
  Problems problems;
  if (command.runs("elasticache create-replication-group") ||
      command.runs("elasticache create-cache-cluster")) {
    if (command.value("--engine") == "memcached") return std::nullopt;
    if (!command.has_option("--no-transit-encryption-enabled")) judge_new_aws(command, problems);
    judge_aws_encryption(command, problems);
    return problems;
  }
  // MemoryDB speaks TLS unless told not to.
  if (command.runs("memorydb create-cluster")) {
    judge_aws_encryption(command, problems);
    if (command.value("--acl-name") == "open-access")
      problems.emplace_back("warn: --acl-name open-access lets everybody in");
    return problems;
  }
  if (command.runs("elasticache modify-replication-group") &&
      judge_aws_encryption(command, problems))
    return problems;
  return std::nullopt;
}

std::optional<Problems> judge_azure(const Command& command) {
  const bool creates = command.runs("az redis create");
  if (!creates && !command.runs("az redis update")) return std::nullopt;
  Problems problems;
  const std::string open = lower_ascii(command.value("--enable-non-ssl-port"));
  if (command.has_option("--enable-non-ssl-port") && open != "false")
    problems.emplace_back("fail: --enable-non-ssl-port opens the plaintext port");
  if (lower_ascii(command.value("--set")) == "enablenonsslport=true")
    problems.emplace_back("fail: --set enableNonSslPort=true opens the plaintext port");
  const std::string version = command.value("--minimum-tls-version");
  if (version == "1.0" || version == "1.1")
    problems.push_back(fmt::format("fail: --minimum-tls-version is {}", version));
  if (!creates && problems.empty()) return std::nullopt;
  return problems;
}

std::optional<Problems> judge_google(const Command& command) {
  const bool cluster = command.runs("redis clusters create");
  if (!command.runs("gcloud ") || (!command.runs("redis instances create") && !cluster))
    return std::nullopt;
  Problems problems;
  std::string mode = lower_ascii(command.value("--transit-encryption-mode"));
  std::ranges::replace(mode, '_', '-');
  if (mode != "server-authentication")
    problems.push_back(
        fmt::format("fail: --transit-encryption-mode is {}, not "
                    "server-authentication",
                    mode.empty() ? "missing" : printable(mode, 40)));
  if (!cluster && !command.has_option("--enable-auth"))
    problems.emplace_back("fail: --enable-auth is missing");
  return problems;
}

// The CAs of RDS sign for databases; ElastiCache and MemoryDB are publicly
// trusted. Whoever fetches that bundle for Redis ends up without verification.
void read_provider_anchor(std::vector<Artefact>& found, const TextLine& line,
                          const std::string& path) {
  if (!has(line.text, "truststore.pki.rds.amazonaws.com") &&
      !has(line.text, "rds-combined-ca-bundle"))
    return;
  Artefact artefact = artefact_at(path, line.number, ArtefactKind::script, Purpose::managed_service,
                                  "the CA bundle of RDS is fetched for a managed Redis");
  artefact.problems.emplace_back(
      "anchor: the bundle that is fetched holds the CAs of RDS, which do not sign for ElastiCache");
  found.push_back(std::move(artefact));
}

bool is_reference(std::string_view value) {
  return value.empty() || value.starts_with('$') || has(value, "var.") || has(value, "data.") ||
         has(value, "random_");
}

// Of a command line, or of a Terraform attribute: auth_token = "x".
std::string token_in(std::string_view text, std::string_view option) {
  const std::string value = Command{text}.value(option);
  return is_reference(value) ? "" : value;
}

void read_literal_token(std::vector<Artefact>& found, const TextLine& line,
                        const std::string& path) {
  for (const std::string_view option : {"--auth-token", "auth_token"}) {
    const std::string value = token_in(line.text, option);
    if (value.empty()) continue;
    // What is shorter is the next word of a sentence about the option.
    const bool placeholder = looks_like_placeholder_secret(value);
    if (value.size() < kShortestAuthToken && !placeholder) continue;
    Artefact artefact =
        artefact_at(path, line.number, ArtefactKind::script, Purpose::literal_secret,
                    fmt::format("{} is written out", option));
    if (placeholder) artefact.problems.emplace_back("it is a placeholder from documentation");
    found.push_back(std::move(artefact));
    return;
  }
}

void read_command(std::vector<Artefact>& found, const TextLine& line, const std::string& path) {
  if (line.text.starts_with("echo ") || line.text.starts_with("printf ")) return;
  const std::string_view text = line.text;
  const Command command{text.substr(0, text.find(" #"))};
  for (const auto& judge : {judge_aws, judge_azure, judge_google}) {
    std::optional<Problems> problems = judge(command);
    if (!problems) continue;
    Artefact artefact =
        artefact_at(path, line.number, ArtefactKind::script, Purpose::managed_service,
                    "a managed Redis is created or changed from the command line");
    artefact.problems = std::move(*problems);
    found.push_back(std::move(artefact));
    return;
  }
}

}  // namespace

std::vector<Artefact> read_managed_service(std::string_view content, const std::string& path) {
  std::vector<Artefact> found;
  const std::vector<TextLine> lines = logical_lines(content);
  const bool about_redis = has(content, "elasticache") || has(content, "memorydb") ||
                           has(content, "cache.amazonaws.com");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].text.starts_with('#')) continue;
    read_command(found, lines[i], path);
    if (about_redis) read_provider_anchor(found, lines[i], path);
    read_literal_token(found, lines[i], path);
    if (path.ends_with(".tf")) read_terraform_block(found, lines, i, path);
  }
  return found;
}

}  // namespace rta::files
