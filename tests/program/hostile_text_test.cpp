// Text that was written to harm its reader, from certificates, servers, files
// and names of files, through the whole program: inert in every report.
#include <doctest/doctest.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "tests/program/run_program.h"
#include "tests/support/bad_peer.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

using namespace rta;
using namespace rta::testing;

namespace {

// Markup, terminal escapes (CSI, OSC 8 and 52, C1), bidi, BEL, CR, formulas,
// commands for CI runners, bytes that are no UTF-8.
const std::string kMarkup = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'`{{x}}";
const std::string kTerminal =
    "\x1b[2J\x1b]8;;http://evil/\x07x\x1b]52;c;ZXZpbA==\x07\xc2\x9b" "31m\xe2\x80\xae" "evil\rok";
const std::string kRunner = "::error file=a::pwned ##[error]pwned ##vso[task.complete]";
const std::string kFormula = "=1+1";
const std::string kBadBytes = "\xff\xfe\xc3\x28";

// One RESP command as an array of bulk strings; empty when nothing whole came.
std::string command_of(const Bytes& bytes) {
  const std::string text{as_text(bytes)};
  std::string words;
  for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at + 1)) {
    const std::size_t line = text.find("\r\n", at);
    if (line == std::string::npos) break;
    const std::size_t end = text.find("\r\n", line + 2);
    words += (words.empty() ? "" : " ") + text.substr(line + 2, end - line - 2);
  }
  return words.empty() ? text : words;
}

std::string bulk(const std::string& text) {
  return "$" + std::to_string(text.size()) + "\r\n" + text + "\r\n";
}

std::string answer(const std::string& command) {
  const std::string evil = kMarkup + kTerminal + kRunner + kBadBytes;
  if (command.starts_with("PING")) return "+PONG" + kMarkup + "\r\n";
  if (command.starts_with("INFO"))
    return bulk("redis_version:7.0.15" + kMarkup + "\r\nredis_mode:standalone\r\nrole:" + kTerminal +
                "\r\ncluster_enabled:0\r\nprocess_id:" + kRunner + "\r\nexecutable:" + evil + "\r\n");
  if (command.starts_with("CONFIG"))
    return "*6\r\n" + bulk("port") + bulk("6379") + bulk("logfile") + bulk("/var/log/" + evil) +
           bulk("tls-ciphers") + bulk(evil);
  if (command.starts_with("CLIENT LIST"))
    return bulk("id=7 addr=10.0.0.1:1 laddr=10.0.0.2:6379 flags=N name=" + kMarkup + " user=" +
                kTerminal + " lib-name=" + kRunner + " cmd=" + kBadBytes + "\n");
  if (command.starts_with("ACL LIST"))
    return "*2\r\n" + bulk("user default on nopass ~* &* +@all") +
           bulk("user " + kMarkup + kBadBytes + " on nopass ~* +@all");
  if (command.starts_with("ACL WHOAMI")) return bulk("default" + kTerminal);
  if (command.starts_with("ACL LOG")) return "*0\r\n";
  if (command.starts_with("ROLE")) return "*1\r\n" + bulk("master" + kMarkup);
  if (command.starts_with("MODULE")) return "*0\r\n";
  return "-ERR " + kMarkup + kTerminal.substr(0, kTerminal.find('\r')) + kRunner + "\r\n";
}

void talk(PeerConnection& connection) {
  for (Bytes bytes = connection.read(); !bytes.empty(); bytes = connection.read()) {
    if (bytes[0] == 0x16) return connection.wait_for_end();  // a ClientHello: silence
    if (!connection.write(answer(command_of(bytes)))) return;
  }
}

void check_terminal(const std::string& text) {
  for (const std::string_view line : split(text, '\n')) {
    for (const char c : line) CHECK((static_cast<unsigned char>(c) >= 0x20 && c != 0x7F));
    CHECK_FALSE(trim(line).starts_with("::error"));
    CHECK_FALSE(line.contains("##["));
    CHECK_FALSE(line.contains("##vso["));
  }
  CHECK_FALSE(text.contains("\xc2\x9b"));
  CHECK_FALSE(text.contains("\xe2\x80\xae"));
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t size = utf8_sequence(rest);
    REQUIRE(size > 0);
    rest.remove_prefix(size);
  }
}

void check_json(const std::string& text) {
  for (const char c : text) REQUIRE(((c >= 0x20 && c < 0x7F) || c == '\n'));
  CHECK_FALSE(nlohmann::json::parse(text, nullptr, false).is_discarded());
}

void check_html(const std::string& text) {
  CHECK_FALSE(text.contains("<script"));
  CHECK_FALSE(text.contains("<img"));
  CHECK_FALSE(text.contains("\x1b"));
  CHECK_FALSE(text.contains("\xc2\x9b"));
  CHECK_FALSE(text.contains("\xe2\x80\xae"));
  CHECK_FALSE(text.contains("onerror=alert(2)>\""));  // a quotation mark that ends an attribute
  CHECK(text.contains("default-src 'none'"));
}

struct Reports {
  TemporaryDirectory files;
  Run run;
};

void scan(Reports& reports, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "scan");
  arguments.insert(arguments.end(), {"-o", "text", "-o", "json=" + (reports.files / "r.json"), "-o",
                                     "html=" + (reports.files / "r.html"), "--timeout", "60"});
  reports.run = run_program(arguments);
  CHECK((reports.run.exit_code == 1 || reports.run.exit_code == 3));
  check_terminal(reports.run.output);
  check_terminal(reports.run.errors);
  check_json(read_whole(reports.files / "r.json"));
  check_html(read_whole(reports.files / "r.html"));
}

}  // namespace

TEST_CASE("a server whose every answer is hostile is shown, inert") {
  const BadPeer peer{talk};
  Reports reports;
  scan(reports, {"-t", peer.address().text(), "--aggressive"});
  const nlohmann::json report = read_report(reports.files / "r.json");
  CHECK(status_of(report, "RTA-PLAIN-001") == "fail");
  CHECK(status_of(report, "RTA-AUTH-003") == "fail");
  // What was said is there, for whoever wants to see it.
  CHECK(read_whole(reports.files / "r.html").contains("&lt;script&gt;"));
}

TEST_CASE("certificates with hostile names are shown, inert, and match no host by a NUL") {
  const TemporaryDirectory project;
  x509::CertificateSpec spec = x509::proper_server({}, {}, issued_at(), 90);
  spec.subject = {{"CN", kFormula + "<b>\x1b[31m\x07"}, {"O", "<script>alert(1)</script>"}, {"OU", kRunner}};
  project.write("certs/evil.crt", make_self_signed(spec).pem());
  spec.subject = {{"CN", std::string{"redis\0.evil", 11}}};
  project.write("certs/nul.crt", make_self_signed(spec).pem());
  std::vector<std::string> many;
  for (int i = 0; i < 3000; ++i) many.push_back("host" + std::to_string(i) + ".example");
  project.write("certs/many.crt", make_self_signed(x509::proper_server(many, {}, issued_at(), 90)).pem());
  project.write("redis.conf", "port 0\ntls-port 6379\ntls-cert-file certs/nul.crt\n"
                              "tls-key-file certs/nul.key\ntls-auth-clients no\n");
  project.write("backend/.env", "REDIS_HOST=redis\nREDIS_TLS_ENABLED=true\n");
  Reports reports;
  scan(reports, {project.path(), "--offline"});
  const std::string text = reports.run.output;
  for (const std::string_view line : split(text, '\n')) CHECK(line.size() < 4000);
  const nlohmann::json report = read_report(reports.files / "r.json");
  CHECK(status_of(report, "RTA-CERT-007") == "fail");
  const std::string html = read_whole(reports.files / "r.html");
  CHECK(html.contains("2990 more"));
}

TEST_CASE("files with hostile content and hostile names are shown, inert") {
  const TemporaryDirectory project;
  project.write("backend/.env", "REDIS_HOST=" + kMarkup + "\nREDIS_TLS_ENABLED=" + kTerminal +
                                    "\nREDIS_TLS_CA_PATH=/path/to/" + kRunner + kBadBytes +
                                    "\nREDIS_PORT=" + kFormula + "\n");
  project.write("redis.conf", "port 0\ntls-port 6379\ntls-ciphers \"" + std::string{"<script>"} +
                                  "\"\nbogus\x1b[2Jdirective 1\n# " + kRunner + "\n");
  project.write("docker-compose.yml", "services:\n  \"redis<script>alert(1)</script>\":\n    image: \"redis:7"
                                      "::error::x\"\n    command: [\"redis-server\", \"--port\", \"<img>\"]\n");
  project.write(std::string{"certs/a\n::error::b <script>\x1b[2J.crt"},
                make_self_signed(x509::proper_server({"redis"}, {}, issued_at(), 90)).pem());
  project.write(std::string{"worker\x1b]0;x\x07/.env"}, "REDIS_HOST=redis\n");
  project.write("-rf/%n/redis.conf", "port 6379\n");
  Reports reports;
  scan(reports, {project.path(), "--offline"});
}
