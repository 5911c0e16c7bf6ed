// Keys, stores and what only looks like them, as the real tools write them:
// openssl, ssh-keygen, keytool and puttygen where they are installed. Made in a
// directory that goes away.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/process.h"
#include "base/text.h"
#include "files/keys/key_material.h"
#include "tests/support/git_fixture.h"

using namespace rta;
using namespace rta::files;
using rta::testing::GitFixture;

namespace {

class Tools {
 public:
  // False when the program is not installed; fails the test when it fails.
  bool run(const std::string& program, std::vector<std::string> arguments) const {
    const std::optional<std::string> found = find_program(program);
    if (!found) {
      MESSAGE(program << " is not installed: its files are not compared");
      return false;
    }
    ProcessSpec spec;
    spec.executable = *found;
    spec.argv = {program};
    spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
    spec.directory = folder_.root();
    spec.environment = {"PATH=/usr/bin:/bin", "LC_ALL=C", "HOME=" + folder_.root()};
    Result<ChildProcess> child = ChildProcess::start(spec);
    REQUIRE(child);
    std::optional<int> code;
    std::string output;
    for (int i = 0; i < 600 && !code; ++i) {
      code = child->wait(std::chrono::milliseconds{100});
      output += child->read_output();
    }
    REQUIRE_MESSAGE(code == 0, program << " " << join(arguments, " ") << ": " << output);
    return true;
  }
  bool openssl(std::vector<std::string> arguments) const {
    return run("openssl", std::move(arguments));
  }
  // What stands in a file, each kind once.
  [[nodiscard]] std::string told(const std::string& name) const {
    std::ifstream in{folder_.root() + "/" + name, std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
    REQUIRE_FALSE(bytes.empty());
    std::set<std::string> kinds;
    const auto found = find_material(as_bytes(bytes));
    CHECK((found.empty() || may_hold_material(as_bytes(bytes))));
    for (const FoundMaterial& one : found) kinds.insert(std::string{name_of(one.material)});
    return join({kinds.begin(), kinds.end()}, " ");
  }

 private:
  GitFixture folder_{false};
};

}  // namespace

TEST_CASE("openssl's private keys are found in all its formats") {
  const Tools tools;
  const std::vector<std::pair<std::string, std::vector<std::string>>> kinds{
      {"rsa", {"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"}},
      {"ec", {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"}},
      {"ed25519", {"-algorithm", "ED25519"}}};
  for (const auto& [name, how] : kinds) {
    INFO(name);
    std::vector<std::string> make{"genpkey", "-out", name + ".pem"};
    make.insert(make.end(), how.begin(), how.end());
    REQUIRE(tools.openssl(make));
    CHECK(tools.told(name + ".pem") == "private-key");
    tools.openssl({"pkey", "-in", name + ".pem", "-outform", "DER", "-out", name + ".der"});
    CHECK(tools.told(name + ".der") == "private-key");
    for (const char* cipher : {"-aes256", "-aes-128-cbc", "-des3"}) {
      tools.openssl({"pkcs8", "-topk8", "-v2", std::string{cipher}.substr(1), "-passout",
                     "pass:secret", "-in", name + ".pem", "-out", "e.pem"});
      CHECK(tools.told("e.pem") == "private-key-encrypted");
    }
    tools.openssl({"pkcs8", "-topk8", "-passout", "pass:secret", "-in", name + ".pem", "-outform",
                   "DER", "-out", "e.der"});
    CHECK(tools.told("e.der") == "private-key-encrypted");
    tools.openssl({"pkey", "-in", name + ".pem", "-pubout", "-out", "public.pem"});
    CHECK(tools.told("public.pem").empty());
    tools.openssl(
        {"pkey", "-in", name + ".pem", "-pubout", "-outform", "DER", "-out", "public.der"});
    CHECK(tools.told("public.der").empty());
    tools.openssl({"req", "-new", "-key", name + ".pem", "-subj", "/CN=x", "-out", "r.pem"});
    CHECK(tools.told("r.pem") == "certificate-request");
    tools.openssl(
        {"req", "-new", "-x509", "-key", name + ".pem", "-subj", "/CN=x", "-out", name + ".crt"});
    CHECK(tools.told(name + ".crt") == "certificate");
    tools.openssl({"pkcs12", "-export", "-passout", "pass:secret", "-inkey", name + ".pem", "-in",
                   name + ".crt", "-out", "s.p12"});
    CHECK(tools.told("s.p12") == "private-key-pkcs12");
    tools.openssl({"pkcs12", "-export", "-nokeys", "-passout", "pass:secret", "-in", name + ".crt",
                   "-out", "t.p12"});
    CHECK(tools.told("t.p12") == "certificate");
    tools.openssl(
        {"pkcs12", "-in", "s.p12", "-passin", "pass:secret", "-nodes", "-out", "bag.pem"});
    CHECK(tools.told("bag.pem") == "certificate private-key");
  }
  tools.openssl({"rsa", "-traditional", "-in", "rsa.pem", "-out", "old.pem"});
  CHECK(tools.told("old.pem") == "private-key");
  tools.openssl({"rsa", "-traditional", "-aes128", "-passout", "pass:secret", "-in", "rsa.pem",
                 "-out", "old.pem"});
  CHECK(tools.told("old.pem") == "private-key-encrypted");
  tools.openssl({"ec", "-in", "ec.pem", "-out", "sec1.pem"});
  CHECK(tools.told("sec1.pem") == "private-key");
}

TEST_CASE("parameters and other objects of openssl are no key") {
  const Tools tools;
  tools.openssl({"ecparam", "-name", "prime256v1", "-out", "ec.pem"});
  CHECK(tools.told("ec.pem").empty());
  tools.openssl({"ecparam", "-name", "prime256v1", "-genkey", "-out", "both.pem"});
  CHECK(tools.told("both.pem") == "private-key");
  tools.openssl({"genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048", "-out",
                 "dh.pem"});
  CHECK(tools.told("dh.pem").empty());
  tools.openssl({"genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048",
                 "-outform", "DER", "-out", "dh.der"});
  CHECK(tools.told("dh.der").empty());
}

TEST_CASE("keys of OpenSSH, Java and PuTTY are found") {
  const Tools tools;
  if (tools.run("ssh-keygen", {"-q", "-t", "ed25519", "-N", "", "-f", "id"})) {
    CHECK(tools.told("id") == "private-key-openssh");
    CHECK(tools.told("id.pub").empty());
    tools.run("ssh-keygen", {"-q", "-t", "rsa", "-b", "1024", "-N", "secret", "-f", "locked"});
    CHECK(tools.told("locked") == "private-key-openssh");
    tools.run("ssh-keygen", {"-q", "-t", "rsa", "-b", "1024", "-m", "PEM", "-N", "", "-f", "pem"});
    CHECK(tools.told("pem") == "private-key");
  }
  const std::vector<std::string> make{"-genkeypair", "-alias",   "k",       "-keyalg",
                                      "EC",          "-dname",   "CN=x",    "-storepass",
                                      "secret1",     "-keypass", "secret1", "-storetype"};
  for (const auto& [type, kind] :
       {std::pair{"JKS", "private-key-jks"}, std::pair{"PKCS12", "private-key-pkcs12"}}) {
    std::vector<std::string> arguments = make;
    arguments.insert(arguments.end(), {type, "-keystore", std::string{type} + ".store"});
    if (tools.run("keytool", arguments)) CHECK(tools.told(std::string{type} + ".store") == kind);
  }
  if (tools.run("puttygen",
                {"-q", "-t", "ed25519", "--new-passphrase", "/dev/null", "-o", "p.ppk"}))
    CHECK(tools.told("p.ppk") == "private-key");
}
