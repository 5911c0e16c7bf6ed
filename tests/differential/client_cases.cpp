#include "tests/differential/client_cases.h"

#include <fmt/format.h>

#include <array>
#include <random>

namespace rta::testing {
namespace {

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  template <std::size_t N>
  std::string any(const std::array<const char*, N>& from) {
    return from[random_() % N];
  }
  bool one_in(unsigned n) { return random_() % n == 0; }

  // `members` with a few of the possible ones, in braces.
  std::string object(std::vector<std::string> members) {
    std::string text;
    for (const std::string& member : members) text += (text.empty() ? "" : ", ") + member;
    return "{" + text + "}";
  }

 private:
  std::mt19937 random_;
};

// ---- Node ----

constexpr std::array kKillSwitches{"", "", "", "0", "false", "1", "00"};

std::string node_url(Generator& random, bool for_ioredis) {
  std::string url = for_ioredis ? random.any(std::array{"redis://", "rediss://", "rediss://",
                                                        "REDISS://", "Rediss://", "//", ""})
                                : random.any(std::array{"redis://", "rediss://", "rediss://",
                                                        "REDISS://", "Rediss://", "https://"});
  url += random.any(std::array{"USER:pw@", "USER:p%40w@"}) +
         random.any(std::array{"localhost", "localhost", "127.0.0.1"}) + ":PORT";
  // Without a scheme, a path names a Unix socket.
  const bool is_bare = url.starts_with("USER");
  if (!is_bare) url += random.any(std::array{"", "/0", "/"});
  if (random.one_in(2))
    url += random.any(std::array{"?tls=true", "?tls=false", "?tls=", "?tls=0", "?ssl=true",
                                 "?rejectUnauthorized=false", "?family=0&tls=x", "?tls=false#x",
                                 "?TLS=true", "?tls=&tls=1", "?tls=1&tls="});
  return url;
}

// What both clients hand to tls.connect().
void add_tls_members(Generator& random, std::vector<std::string>& members) {
  if (random.one_in(2)) members.emplace_back("ca: CA");
  if (random.one_in(2))
    members.push_back("rejectUnauthorized: " +
                      random.any(std::array{"false", "false", "true", "'false'", "0", "null",
                                            "undefined", "!1", "!0", "''"}));
  if (random.one_in(4))
    members.push_back(random.any(
        std::array{"checkServerIdentity: () => undefined", "checkServerIdentity: () => null",
                   "checkServerIdentity: (host, cert) => { return undefined; }",
                   "checkServerIdentity() { return undefined }",
                   "checkServerIdentity: function (h, c) { return undefined }",
                   "checkServerIdentity: undefined", "checkServerIdentity: null",
                   "checkServerIdentity: require('tls').checkServerIdentity"}));
  if (random.one_in(4))
    members.push_back("servername: " + random.any(std::array{"'other.example'", "\"localhost\"",
                                                             "''", "'LOCALHOST'", "undefined"}));
  if (random.one_in(6))
    members.push_back(
        random.any(std::array{"minVersion: 'TLSv1.2'", "requestCert: false", "'secure': false"}));
}

std::string tls_object(Generator& random) {
  std::vector<std::string> members;
  add_tls_members(random, members);
  return random.object(members);
}

std::string ioredis_form(Generator& random) {
  std::vector<std::string> members;
  const bool with_url = !random.one_in(4);
  if (!with_url) members = {"host: 'localhost'", "port: PORT", "username: 'USER'", "password: 'x'"};
  if (!with_url || random.one_in(2)) {
    if (random.one_in(2))
      members.push_back("tls: " + tls_object(random));
    else if (!random.one_in(3))
      members.push_back("tls: " +
                        random.any(std::array{"true", "false", "undefined", "null", "0", "1", "''",
                                              "'false'", "'true'", "[]", "NaN"}));
    if (random.one_in(5))
      members.push_back(random.any(std::array{"ca: CA", "rejectUnauthorized: false", "ssl: true",
                                              "db: 0", "'enableReadyCheck': false"}));
  }
  const std::string options = members.empty() ? "" : random.object(members);
  if (!with_url) return options;
  const std::string url = "'" + node_url(random, true) + "'";
  return options.empty() ? url : url + ", " + options;
}

std::string node_redis_form(Generator& random) {
  std::vector<std::string> members;
  std::vector<std::string> socket;
  if (random.one_in(3)) {
    socket = {"host: 'localhost'", "port: PORT"};
    members = {"username: 'USER'", "password: 'x'"};
  } else {
    members = {"url: '" + node_url(random, false) + "'"};
  }
  if (!socket.empty() || random.one_in(2)) {
    if (!random.one_in(3))
      socket.push_back("tls: " + random.any(std::array{"true", "true", "true", "false", "'true'",
                                                       "1", "undefined", "null", "{}", "'false'"}));
    add_tls_members(random, socket);
    members.push_back("socket: " + random.object(socket));
  }
  if (random.one_in(5))
    members.push_back(random.any(std::array{"tls: true", "tls: {}", "rejectUnauthorized: false"}));
  return random.object(members);
}

// Hand-written for one or the other reason: what people write in guides.
constexpr std::array kBullForms{
    "{connection: {host: 'localhost', port: PORT, username: 'USER', password: 'x'}}",
    "{connection: {host: 'localhost', port: PORT, username: 'USER', password: 'x', tls: {}}}",
    "{connection: {host: 'localhost', port: PORT, username: 'USER', password: 'x', tls: true}}",
    "{connection: {host: 'localhost', port: PORT, username: 'USER', password: 'x', "
    "tls: {rejectUnauthorized: false}}}",
    "{connection: {host: 'localhost', port: PORT, username: 'USER', password: 'x', "
    "tls: {checkServerIdentity: () => undefined}}}",
    "{connection: {url: 'rediss://USER:x@localhost:PORT'}}",
    "{connection: {url: 'redis://USER:x@localhost:PORT', tls: {ca: CA}}}",
    "{connection: {url: 'rediss://USER:x@localhost:PORT', tls: {rejectUnauthorized: false}}}"};

// ---- Python ----

constexpr std::array kRequirements{
    "none",          "required", "optional", "CERT_NONE", "CERT_REQUIRED",
    "CERT_OPTIONAL", "None",     "NONE",     "false",     ""};
constexpr std::array kRequirementValues{"None",
                                        "ssl.CERT_NONE",
                                        "ssl.CERT_REQUIRED",
                                        "ssl.CERT_OPTIONAL",
                                        "'none'",
                                        "'required'",
                                        "'optional'",
                                        "'CERT_NONE'",
                                        "'CERT_REQUIRED'",
                                        "0",
                                        "2",
                                        "True",
                                        "False",
                                        "'None'"};
constexpr std::array kFlags{"true", "false", "True", "no", "n", "0", "1", "on", "off", ""};

std::string python_query(Generator& random) {
  std::string query;
  const auto add = [&](const std::string& parameter) {
    query += (query.empty() ? "?" : "&") + parameter;
  };
  if (!random.one_in(3)) add("ssl_cert_reqs=" + random.any(kRequirements));
  if (random.one_in(8)) add("ssl_cert_reqs=" + random.any(kRequirements));  // twice
  if (random.one_in(4)) add("ssl_check_hostname=" + random.any(kFlags));
  if (random.one_in(8))
    add(random.any(std::array{"ssl=true", "tls=true", "ssl=", "db=0", "ssl_verify=false",
                              "SSL_CERT_REQS=none", "socket_timeout=5"}));
  return query;
}

std::string python_url(Generator& random) {
  std::string url =
      random.any(std::array{"redis://", "rediss://", "rediss://", "rediss://", "REDISS://"});
  url += "USER:pw@localhost:PORT" + random.any(std::array{"", "/0"});
  return random.one_in(3) ? url : url + python_query(random);
}

// key=value in a call, 'key': value in a dictionary.
std::string python_settings(Generator& random, bool in_dictionary) {
  std::string text;
  const auto add = [&](const char* name, const std::string& value) {
    text += text.empty() ? "" : ", ";
    text +=
        in_dictionary ? fmt::format("'{}': {}", name, value) : fmt::format("{}={}", name, value);
  };
  if (!random.one_in(3)) add("ssl_cert_reqs", random.any(kRequirementValues));
  if (random.one_in(3))
    add("ssl_check_hostname",
        random.any(std::array{"True", "False", "None", "'false'", "''", "1", "0"}));
  if (random.one_in(3)) add("ssl_ca_certs", "CA");
  if (random.one_in(12)) add(random.one_in(2) ? "cert_reqs" : "ssl_verify", "False");
  return text;
}

std::string redis_py_form(Generator& random) {
  if (random.one_in(2)) return "'" + python_url(random) + "'";
  if (random.one_in(3)) {
    std::string text = "from_url('" + python_url(random) + "'";
    if (const std::string settings = python_settings(random, false); !settings.empty())
      text += ", " + settings;
    return text + ")";
  }
  std::string text = "Redis(host='localhost', port=PORT, username='USER', password='x'";
  if (!random.one_in(4))
    text += ", ssl=" + random.any(std::array{"True", "True", "True", "False", "'false'", "''",
                                             "None", "1", "0", "'no'"});
  if (const std::string settings = python_settings(random, false); !settings.empty())
    text += ", " + settings;
  return text + ")";
}

// A dictionary of settings, or what people write in its place.
std::string use_ssl(Generator& random) {
  if (random.one_in(5)) return random.any(std::array{"True", "False", "None", "{}", "1"});
  return "{" + python_settings(random, true) + "}";
}

std::string kombu_form(Generator& random) {
  const std::string url = "'" + python_url(random) + "'";
  return random.one_in(2) ? url : url + ", broker_use_ssl=" + use_ssl(random);
}

std::string celery_form(Generator& random) {
  const std::string url = "'" + python_url(random) + "'";
  return random.one_in(3) ? url + ", redis_backend_use_ssl=" + use_ssl(random) : url;
}

}  // namespace

std::vector<ClientCase> node_cases(unsigned seed, int factor) {
  Generator random{seed};
  std::vector<ClientCase> cases;
  const auto add = [&](const char* client, const char* library, const char* version,
                       const std::string& form) {
    ClientCase one{client, library, version, form, {}};
    const std::string kill = random.any(kKillSwitches);
    if (!kill.empty()) one.environment["NODE_TLS_REJECT_UNAUTHORIZED"] = kill;
    cases.push_back(std::move(one));
  };
  for (int i = 0; i < 140 * factor; ++i) add("ioredis", "ioredis", "6.0.0", ioredis_form(random));
  for (int i = 0; i < 40 * factor; ++i) add("ioredis", "ioredis-5", "5.11.1", ioredis_form(random));
  for (int i = 0; i < 140 * factor; ++i)
    add("node-redis", "redis", "6.3.1", node_redis_form(random));
  for (int i = 0; i < 70 * factor; ++i)
    add("node-redis", "redis-4", "4.7.1", node_redis_form(random));
  for (const char* form : kBullForms) add("bullmq", "bullmq", "6.7.0", form);
  return cases;
}

std::vector<ClientCase> python_cases(unsigned seed, int factor) {
  Generator random{seed};
  std::vector<ClientCase> cases;
  for (int i = 0; i < 220 * factor; ++i)
    cases.push_back({"redis-py", "", "4.3.4", redis_py_form(random), {}});
  for (int i = 0; i < 140 * factor; ++i)
    cases.push_back({"kombu", "", "5.2.4", kombu_form(random), {}});
  for (int i = 0; i < 140 * factor; ++i)
    cases.push_back({"celery", "", "5.2.6", celery_form(random), {}});
  return cases;
}

std::vector<ClientCase> redis_cli_cases() {
  std::vector<ClientCase> cases;
  for (const char* tail : {"", "--tls", "--tls --cacert CA", "--insecure", "--tls --insecure",
                           "--tls --insecure --cacert CA", "--tls --cacert CA --sni localhost",
                           "--tls --cacert CA --sni other.example"})
    cases.push_back({"redis-cli",
                     "",
                     "7.0.15",
                     fmt::format("redis-cli -h localhost -p PORT --user USER --pass x {}", tail),
                     {}});
  for (const char* scheme : {"redis", "rediss", "REDISS"})
    for (const char* tail : {"", "--cacert CA", "--insecure"})
      cases.push_back({"redis-cli",
                       "",
                       "7.0.15",
                       fmt::format("redis-cli -u {}://USER:x@localhost:PORT {}", scheme, tail),
                       {}});
  return cases;
}

}  // namespace rta::testing
