#include "files/keys/key_script_lint.h"

#include <doctest/doctest.h>

using rta::files::lint_key_script;

namespace {

std::vector<std::string> told(std::string_view text, bool is_markdown = false) {
  std::vector<std::string> all;
  for (const auto& problem : lint_key_script(text, is_markdown))
    all.push_back(std::to_string(problem.line) + ": " + problem.text);
  return all;
}

constexpr std::string_view kGuide = R"(openssl genrsa -out ca-key.pem 4096
openssl req -new -x509 -days 3650 -key ca-key.pem -out ca-cert.pem \
  -subj "/CN=Redis-CA"
openssl genrsa -out redis-server-key.pem 4096
openssl x509 -req -in redis-server.csr \
  -CA ca-cert.pem -CAkey ca-key.pem -set_serial 01 \
  -out redis-server-cert.pem
chmod 600 *.key.pem
chmod 644 *.cert.pem ca-cert.pem
)";

}  // namespace

TEST_CASE("the setup guide's patterns match nothing and its keys stay uncovered") {
  CHECK(told(kGuide) ==
        std::vector<std::string>{"1: no chmod covers the private key ca-key.pem",
                                 "4: no chmod covers the private key redis-server-key.pem",
                                 "8: chmod 600 *.key.pem matches no file that is made here",
                                 "9: chmod 644 *.cert.pem matches no file that is made here"});
}

TEST_CASE("a pattern that fits, a name, a umask and install each protect") {
  CHECK(told("openssl genrsa -out a-key.pem\nchmod 600 -- *-key.pem\n").empty());
  CHECK(told("openssl genpkey -algorithm EC -out certs/a.key && chmod 0400 certs/a.key").empty());
  CHECK(told("umask 077\nopenssl genrsa -out a.pem\n").empty());
  CHECK(told("openssl genrsa -out a.pem\ninstall -m 0600 a.pem /etc/redis/tls/\n").empty());
  CHECK(told("openssl genrsa -out a.pem\nchmod go= a.pem\n").empty());
}

TEST_CASE("a chmod that opens a key is told") {
  CHECK(told("openssl genrsa -out a.pem\nchmod 600 a.pem\nchmod 644 *.pem\n") ==
        std::vector<std::string>{"3: chmod 644 *.pem opens the private key a.pem"});
}

TEST_CASE("scripts that make no keys, variables and comments are left alone") {
  CHECK(told("chmod 600 *.nothing\n").empty());
  CHECK(told("openssl genrsa -out \"$KEY\"\nchmod 600 \"$KEY\"\n").empty());
  CHECK(told("# openssl-style comment\n#openssl genrsa -out a.pem\n").empty());
  CHECK(told("openssl x509 -in a.pem -noout -text\n").empty());
}

TEST_CASE("shell blocks of a document are scripts of their own") {
  const std::string text =
      "# Keys\n\n```bash\nopenssl genrsa -out a.pem\n```\n\n```yaml\nopenssl genrsa -out "
      "b.pem\n```\n";
  CHECK(told(text, true) == std::vector<std::string>{"4: no chmod covers the private key a.pem"});
}

TEST_CASE("other ways to make keys") {
  CHECK(told("openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem").size() == 1);
  CHECK(told("openssl ecparam -name prime256v1 -genkey -noout -out k.pem").size() == 1);
  CHECK(told("openssl genrsa 2048 > k.pem").size() == 1);
}

TEST_CASE("every cut of a script is read without harm") {
  for (std::size_t size = 0; size < kGuide.size(); ++size)
    CHECK(told(kGuide.substr(0, size)).size() < 10);
}
