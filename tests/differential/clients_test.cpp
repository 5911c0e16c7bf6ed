// Our model of what client libraries verify against the libraries themselves:
// each seeded form is given to the real client, which meets a server with a
// stranger's certificate, one of another name, an expired one and the right
// one. Whoever gets its password decides the verdict. A library that is not
// installed skips its part and says so. No verdict may differ.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/process.h"
#include "base/text.h"
#include "files/clients/client_verdict.h"
#include "tests/differential/client_cases.h"
#include "tests/differential/rogue_redis.h"
#include "tests/support/temporary_directory.h"

using namespace rta;
using namespace rta::testing;
using files::ClientVerdict;
using nlohmann::json;
using enum ClientVerdict;

namespace {

// RTA_CLIENT_SEED and RTA_CLIENT_FACTOR ask for other and for more forms.
unsigned number_from(const char* variable, unsigned usual) {
  const char* text = std::getenv(variable);
  return text == nullptr ? usual : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}
const unsigned kSeed = number_from("RTA_CLIENT_SEED", 20261126);
const int kFactor = static_cast<int>(number_from("RTA_CLIENT_FACTOR", 1));

bool exists(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file != nullptr) std::fclose(file);
  return file != nullptr;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at))
    text.replace(at, from.size(), to), at += to.size();
  return text;
}

// The run of some cases, each with its number.
class Run {
 public:
  Run() : ca_(directory_.write("ca.pem", rogues_.ca_pem())) {}

  // One child for the cases of one environment.
  void of(const std::string& program, const std::string& script,
          const std::vector<std::pair<int, ClientCase>>& cases) {
    if (cases.empty()) return;
    json jobs{{"ca", ca_}, {"modules", RTA_NPM_DIR "/node_modules"}, {"cases", json::array()}};
    for (const Face face : kFaces) jobs["ports"][name_of_face(face)] = rogues_.port(face);
    for (const auto& [number, one] : cases)
      jobs["cases"].push_back(
          {{"id", number}, {"client", one.client}, {"library", one.library}, {"form", one.form}});
    const std::string job_path = directory_.write("jobs.json", jobs.dump());
    const std::string answer_path = directory_ / "answers.json";
    ProcessSpec spec;
    spec.executable = program;
    spec.argv = {program, script, job_path, answer_path};
    spec.environment = {"PATH=/usr/bin:/bin",         "LC_ALL=C.UTF-8",       "HOME=/nonexistent",
                        "NODE_EXTRA_CA_CERTS=" + ca_, "SSL_CERT_FILE=" + ca_, "NODE_NO_WARNINGS=1",
                        "PYTHONDONTWRITEBYTECODE=1"};
    for (const auto& [name, value] : cases.front().second.environment)
      spec.environment.push_back(name + "=" + value);
    auto child = ChildProcess::start(spec);
    REQUIRE(child.has_value());
    const std::optional<int> code = child->wait(std::chrono::minutes{4 * kFactor});
    REQUIRE_MESSAGE(code == 0, child->read_output());
    std::FILE* file = std::fopen(answer_path.c_str(), "rb");
    REQUIRE(file != nullptr);
    const json answers = json::parse(file, nullptr, false);
    std::fclose(file);
    for (const auto& [number, said] : answers.items()) said_[std::stoi(number)] = said;
  }

  void redis_cli(const std::string& program, int number, const ClientCase& one) {
    for (const Face face : kFaces) {
      const std::string line = replaced(
          replaced(replaced(one.form, "PORT", std::to_string(rogues_.port(face))), "CA", ca_),
          "USER", fmt::format("case{}x", number));
      ProcessSpec spec;
      spec.executable = program;
      for (const std::string_view word : split(line, ' '))
        if (!word.empty()) spec.argv.emplace_back(word);
      spec.argv.emplace_back("PING");
      spec.environment = {"SSL_CERT_FILE=" + ca_};
      auto child = ChildProcess::start(spec);
      REQUIRE(child.has_value());
      child->wait(std::chrono::seconds{20});
      said_[number][std::string{name_of_face(face)}] = child->read_output();
    }
  }

  [[nodiscard]] ClientVerdict observed(int number) const {
    const auto logins = rogues_.logins();
    const auto at = [&](Face face) {
      const auto found = logins.find({number, face});
      return found == logins.end() ? Login{} : found->second;
    };
    for (const Face face : kFaces)
      if (at(face).in_plaintext) return plaintext;
    if (at(Face::stranger).through_tls) return tls_unverified;
    // Who checks the chain checks the dates.
    CHECK_FALSE(at(Face::expired).through_tls);
    const bool other = at(Face::other_name).through_tls;
    const bool right = at(Face::right).through_tls;
    if (other) return right ? tls_chain_only : tls_verified_other_name;
    return right ? tls_verified : client_refuses_config;
  }

  [[nodiscard]] std::string said(int number) const {
    const auto found = said_.find(number);
    return found == said_.end() ? "" : found->second.dump();
  }

 private:
  TemporaryDirectory directory_;
  RogueRedis rogues_;
  std::string ca_;
  std::map<int, json> said_;
};

void compare(const std::vector<ClientCase>& cases, const Run& run) {
  std::map<std::string, int> seen;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const ClientCase& one = cases[i];
    const int number = static_cast<int>(i);
    const ClientVerdict theirs = run.observed(number);
    const std::string form = replaced(one.form, "PORT", "6379");
    const files::ClientJudgement ours =
        files::judge_client_use({one.client, one.version, ""}, form, one.environment);
    ++seen[one.client + " " + std::string{name_of(theirs)}];
    CHECK_MESSAGE(run.said(number).find("timed out") == std::string::npos,
                  one.form << ": " << run.said(number));
    const auto kill = one.environment.find("NODE_TLS_REJECT_UNAUTHORIZED");
    CHECK_MESSAGE(name_of(ours.verdict) == name_of(theirs),
                  fmt::format("seed {} case {}: {} {}{} {}\n ours   {} ({})\n theirs {} {}", kSeed,
                              i, one.client, one.version,
                              kill == one.environment.end() ? "" : " KILL=" + kill->second, form,
                              name_of(ours.verdict), ours.why, name_of(theirs), run.said(number)));
  }
  std::string summary;
  for (const auto& [what, count] : seen) summary += fmt::format(" {}: {};", what, count);
  MESSAGE(cases.size() << " forms," << summary);
}

// The cases whose environment is the same run in one child.
void run_and_compare(const std::string& program, const std::string& script,
                     const std::vector<ClientCase>& cases) {
  Run run;
  std::map<std::map<std::string, std::string>, std::vector<std::pair<int, ClientCase>>> groups;
  for (std::size_t i = 0; i < cases.size(); ++i)
    groups[cases[i].environment].emplace_back(static_cast<int>(i), cases[i]);
  for (const auto& [environment, group] : groups) run.of(program, script, group);
  compare(cases, run);
}

}  // namespace

TEST_CASE("ioredis, node-redis and BullMQ verify what the model says") {
  const std::optional<std::string> node = find_program("node");
  if (!node || !exists(RTA_NPM_DIR "/node_modules/ioredis/package.json")) {
    MESSAGE("skipped: Node.js or its clients are not installed (src/setup.sh test)");
    return;
  }
  run_and_compare(*node, RTA_DIFFERENTIAL_DIR "/clients.cjs", node_cases(kSeed, kFactor));
}

TEST_CASE("redis-py, kombu and Celery of Debian verify what the model says") {
  if (!exists("/usr/lib/python3/dist-packages/celery/__init__.py") ||
      !exists("/usr/lib/python3/dist-packages/redis/__init__.py")) {
    MESSAGE(
        "skipped: python3-redis, python3-kombu or python3-celery is not installed "
        "(src/setup.sh test)");
    return;
  }
  run_and_compare("/usr/bin/python3", RTA_DIFFERENTIAL_DIR "/clients.py",
                  python_cases(kSeed, kFactor));
}

TEST_CASE("redis-cli verifies what the model says") {
  const std::optional<std::string> program = find_program("redis-cli");
  if (!program) {
    MESSAGE("skipped: redis-cli is not installed");
    return;
  }
  Run run;
  const std::vector<ClientCase> cases = redis_cli_cases();
  for (std::size_t i = 0; i < cases.size(); ++i)
    run.redis_cli(*program, static_cast<int>(i), cases[i]);
  compare(cases, run);
}
