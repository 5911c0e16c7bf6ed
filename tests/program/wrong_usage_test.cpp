// Wrong usage gets one clear line on standard error, exit code 2, and leaves
// nothing behind.
#include <doctest/doctest.h>

#include <filesystem>

#include "base/text.h"
#include "tests/program/run_program.h"
#include "tests/support/pki.h"

using namespace rta::testing;

namespace {

struct Mistake {
  std::vector<std::string> arguments;
  std::string told;   // part of the one line
};

void check_told(const Mistake& mistake) {
  std::string line;
  for (const std::string& argument : mistake.arguments) line += argument + " ";
  CAPTURE(line);
  const TemporaryDirectory here;
  const Run run = run_program(mistake.arguments, {.directory = here.path()});
  CHECK(run.exit_code == 2);
  CHECK(run.output.empty());
  CHECK_MESSAGE(std::ranges::count(run.errors, '\n') == 1, run.errors);
  CHECK_MESSAGE(run.errors.contains(mistake.told), run.errors);
  CHECK(std::filesystem::is_empty(here.path()));
}

}  // namespace

TEST_CASE("a typo in a command, a flag, a check, a profile or a word gets the right one offered") {
  for (const Mistake& mistake : std::vector<Mistake>{
           {{"scna"}, "did you mean \"scan\"?"},
           {{"scan", "--ofline"}, "did you mean \"--offline\"?"},
           {{"scan", "--targt=x"}, "did you mean \"--target\"?"},
           {{"scan", "--pasword-file", "x"}, "did you mean \"--password-file\"?"},
           {{"scan", "--histry", "x"}, "did you mean \"--history\"?"},
           {{"scan", "--timout", "3"}, "did you mean \"--timeout\"?"},
           {{"demo", "--hardend"}, "did you mean \"--hardened\"?"},
           {{"evaluate", "x", "--nwo", "2026-01-01"}, "did you mean \"--now\"?"},
           {{"collect", "--outptu", "x"}, "did you mean \"--output\"?"},
           {{"checks", "lst"}, "did you mean \"list\"?"},
           {{"checks", "explain", "RTA-CIP-200"}, "did you mean \"RTA-CIP-"},
           {{"checks", "explain", "ciphers/no_static_key_exchang"},
            "did you mean \"ciphers/no_static_key_exchange\"?"},
           {{"profiles", "show", "hippa"}, "did you mean \"hipaa\"?"},
           {{"scan", ".", "-p", "pci-dss"}, "did you mean \"pci-dss-4\"?"},
           {{"scan", ".", "--fail-on", "hgih"}, "did you mean \"high\"?"},
           {{"scan", ".", "-o", "jsn"}, "did you mean \"json\"?"},
       })
    check_told(mistake);
}

TEST_CASE("flags that cannot stand together, or alone, say so") {
  const TemporaryDirectory files;
  const std::string secret = files.write("secret", "a password\n", 0600);
  for (const Mistake& mistake : std::vector<Mistake>{
           {{"scan", ".", "--gate", "--full"}, "--gate and --full cannot stand together"},
           {{"scan", "-t", "redis:6379", "--password-file", secret, "--password-fd", "0"},
            "cannot stand together"},
           {{"scan", "-t", "redis:6379", "--cert", "c.pem"}, "--cert and --key belong together"},
           {{"scan", "-t", "redis:6379", "--key", "k.pem"}, "--cert and --key belong together"},
           {{"scan", ".", "--user", "auditor"}, "no target they are for"},
           {{"scan", ".", "-o", "text", "-o", "json"}, "two reports cannot share standard output"},
           {{"scan", ".", "-o", "json=a.json", "-o", "json=a.json"}, "a.json"},
           {{"scan", ".", "-o", "json=a.json", "-o", "html=./a.json"}, "a.json"},
           {{"scan", ".", "--offline", "--offline", "."}, ""},
           {{"scan", ".", "--color", "mauve"}, "choices: auto, always, never"},
           {{"scan", ".", "--timeout", "0"}, "--timeout"},
           {{"scan", ".", "--timeout", "soon"}, "--timeout"},
           {{"scan", ".", "--ports", "70000"}, "70000 is not a port"},
           {{"scan", ".", "--rate", "-1"}, "--rate"},
           {{"scan", ".", "--now", "tomorrow"}, "is not an instant"},
           {{"scan", ".", "--now", "2026-02-30"}, "is not an instant"},
           {{"scan", ".", "--connect-to", "redis:6379"}, "has no \"=\""},
           {{"scan", "-t", "http://redis:6379"}, "scheme"},
           {{"scan", "-t", "redis:port"}, "port"},
           {{"scan", "-t", "rediss://user:secret@redis:6379"}, "--password-file"},
           {{"scan", ".", "--password", "secret"}, "--password-file"},
           {{"scan", ".", "-o", "json="}, "names no file"},
           {{"scan", ".", "-o", "sarif"}, "formats: text, json, html"},
           {{"scan", ".", "--history", "/nonexistent/store"}, "--history"},
           {{}, "--help"},
       })
    check_told(mistake);
}

TEST_CASE("a password on the command line is refused and not repeated") {
  for (const char* const target :
       {"rediss://u:hunter2-canary@redis:6379", "http://u:hunter2-canary@redis:6379",
        "u:hunter2-canary@redis:6379", "rediss://redis:6379?password=hunter2-canary",
        "rediss://redis:6379/0#hunter2-canary"})
    for (const char* const command : {"scan", "probe"}) {
      const Run run = command == std::string_view{"scan"}
                          ? run_program({command, "-t", target})
                          : run_program({command, target});
      CAPTURE(target);
      CHECK(run.exit_code == 2);
      CHECK_FALSE(run.errors.contains("hunter2-canary"));
    }
}

TEST_CASE("what the operator names and cannot be used is a mistake, not evidence") {
  const TemporaryDirectory files;
  const Issued authority = make_authority();
  const Issued one = make_server(authority), other = make_server(authority);
  const std::string certificate = files.write("one.crt", one.pem());
  const std::string key = files.write("one.key", one.key_pem(), 0600);
  const std::string other_key = files.write("other.key", other.key_pem(), 0600);
  const std::string locked = files.write(
      "locked.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n", 0600);
  const std::string words = files.write("words", "no certificate\n");
  const std::string folder = files.make_directory("folder");
  const std::string secret = files.write("secret", "a password\n", 0600);
  const std::string two_lines = files.write("two", "a password\nand more\n", 0600);
  const auto with = [](std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"scan", "-t", "redis:6379"});
    return flags;
  };
  for (const Mistake& mistake : std::vector<Mistake>{
           {with({"--cacert", files / "nowhere.pem"}), "nowhere.pem"},
           {with({"--cacert", words}), "no certificate in it"},
           {with({"--cacert", folder}), "not a regular file"},
           {with({"--cacert", key}), "no certificate in it"},
           {with({"--anchor", files / "nowhere.pem"}), "nowhere.pem"},
           {with({"--anchor", words}), "holds no certificate"},
           {with({"--anchor", std::string(62, 'a')}), "SHA-256"},
           {with({"--cert", certificate, "--key", other_key}), "does not belong"},
           {with({"--cert", key, "--key", certificate}), "certificate cannot be read"},
           {with({"--cert", certificate, "--key", locked}), "needs a passphrase"},
           {with({"--user", "auditor"}), "without a password"},
           {with({"--user", "auditor", "--password-file", two_lines}), "alone on one line"},
           {with({"--user", "auditor", "--password-fd", "-1"}), "Bad file descriptor"},
           {with({"--sni", "a name"}), "--sni"},
           {with({"--allow-path", files / "nowhere"}), "--allow-path"},
           {with({"--attestations", folder}), "Is a directory"},
           {with({"--config", folder}), "Is a directory"},
           {with({"-p", folder + "/"}), "Is a directory"},
           {with({"-p", files.write("empty.toml", "")}), "extends = \"hipaa\""},
           {with({"--rate", "0"}), "--rate"},
           {with({"--max-connections", "0"}), "--max-connections"},
           {with({"--now", ""}), "is not an instant"},
           {{"scan", "-t", "a host:6379"}, "is not an endpoint"},
           {{"scan", "-t", "rediss://[redis]:6379"}, "no IPv6 address"},
       })
    check_told(mistake);
}

TEST_CASE("files of the operator that are wrong are named with line and column") {
  const TemporaryDirectory files;
  files.write("unknown.toml", "profile = \"hipaa\"\nanchor = []\n");
  files.write("syntax.toml", "profile = \"hipaa\"\nanchors = [\n");
  files.write("type.toml", "profile = 7\n");
  files.write("duplicate.toml", "profile = \"hipaa\"\nprofile = \"pci-dss-4\"\n");
  files.write("target.toml", "[[target]]\nuser = \"a\"\n");
  files.write("profile.toml", "extends = \"hipaa\"\n[certificates]\nmin_rsa_bit = 1\n");
  files.write("attested.toml", "[[attestation]]\nkind = \"rotaton\"\n");
  const auto config = [&](const char* name) {
    return std::vector<std::string>{"scan", ".", "--config", files / name};
  };
  for (const Mistake& mistake : std::vector<Mistake>{
           {config("unknown.toml"), "unknown.toml:2:1: unknown key \"anchor\"; did you mean \"anchors\"?"},
           {config("syntax.toml"), "syntax.toml:"},
           {config("type.toml"), "type.toml:1:11"},
           {config("duplicate.toml"), "duplicate.toml:2:"},
           {config("target.toml"), "needs a url"},
           {config("missing.toml"), "missing.toml"},
           {{"scan", ".", "-p", files / "profile.toml"}, "did you mean \"certificates.min_rsa_bits\"?"},
           {{"scan", ".", "-p", files / "nowhere.toml"}, "nowhere.toml"},
           {{"scan", ".", "--attestations", files / "attested.toml"}, "attested.toml:"},
           {{"scan", ".", "--attestations", files / "nowhere.toml"}, "nowhere.toml"},
           {{"scan", "-t", "redis:6379", "--password-file", files / "nowhere"}, "nowhere"},
           {{"evaluate", files / "type.toml"}, "this is not JSON"},
           {{"evaluate", files / "nowhere.json"}, "nowhere.json"},
       })
    check_told(mistake);
}

TEST_CASE("help fits a terminal and names the whole command") {
  CHECK(run_program({"--help"}).output.starts_with("Audits a Redis TLS deployment, with evidence"));
  for (const char* const command :
       {"scan", "collect", "evaluate", "demo", "probe", "rehearse", "checks", "profiles"}) {
    const Run run = run_program({std::string{command}, "--help"});
    CHECK(run.exit_code == 0);
    CHECK(run.output.contains("redis-tls-audit " + std::string{command}));
    for (const std::string_view line : rta::split(run.output, '\n'))
      CHECK_MESSAGE(line.size() <= 80, line);
  }
}
