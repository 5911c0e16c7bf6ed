#include "files/keys/key_material.h"

#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/text.h"

using namespace rta;
using namespace rta::files;

namespace {

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text{data, static_cast<std::size_t>(size)};
  BIO_free(bio);
  return text;
}

EVP_PKEY* ec_key() {
  static EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
  return key;
}

std::string pem(const char* passphrase = nullptr) {
  BIO* bio = BIO_new(BIO_s_mem());
  const int size =
      passphrase == nullptr ? 0 : static_cast<int>(std::string_view{passphrase}.size());
  PEM_write_bio_PKCS8PrivateKey(bio, ec_key(), passphrase == nullptr ? nullptr : EVP_aes_128_cbc(),
                                passphrase, size, nullptr, nullptr);
  return text_of(bio);
}

std::string traditional_pem(bool encrypted) {
  BIO* bio = BIO_new(BIO_s_mem());
  unsigned char word[] = "four";
  PEM_write_bio_PrivateKey_traditional(bio, ec_key(), encrypted ? EVP_aes_128_cbc() : nullptr,
                                       encrypted ? word : nullptr, encrypted ? 4 : 0, nullptr,
                                       nullptr);
  return text_of(bio);
}

Bytes key_der() {
  unsigned char* der = nullptr;
  const int size = i2d_PrivateKey(ec_key(), &der);
  Bytes bytes{der, der + size};
  OPENSSL_free(der);
  return bytes;
}

X509* certificate() {
  static X509* made = [] {
    X509* x = X509_new();
    X509_set_version(x, 0);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_time_adj_ex(X509_getm_notBefore(x), 0, 0, nullptr);
    X509_time_adj_ex(X509_getm_notAfter(x), 1, 0, nullptr);
    X509_set_pubkey(x, ec_key());
    X509_sign(x, ec_key(), EVP_sha256());
    return x;
  }();
  return made;
}

std::string certificate_pem() {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, certificate());
  return text_of(bio);
}

Bytes pkcs12(bool with_key) {
  PKCS12* store = PKCS12_create("secret", "name", with_key ? ec_key() : nullptr, certificate(),
                                nullptr, 0, 0, 0, 0, 0);
  unsigned char* der = nullptr;
  const int size = i2d_PKCS12(store, &der);
  Bytes bytes{der, der + size};
  OPENSSL_free(der);
  PKCS12_free(store);
  return bytes;
}

std::string told(std::string_view text) {
  std::vector<std::string> names;
  CHECK((may_hold_material(as_bytes(text)) || find_material(as_bytes(text)).empty()));
  for (const FoundMaterial& found : find_material(as_bytes(text)))
    names.push_back(fmt::format("{}:{}", found.line, name_of(found.material)));
  return join(names, " ");
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::string utf16(std::string_view text, bool mark) {
  std::string wide = mark ? "\xFF\xFE" : "";
  for (const char c : text) wide += std::string{c} + '\0';
  return wide;
}

}  // namespace

TEST_CASE("private keys are found in every coat, with the line") {
  CHECK(told(pem()) == "1:private-key");
  CHECK(told("# prose\n\n" + traditional_pem(false)) == "3:private-key");
  CHECK(told(replaced(pem(), "\n", "\r\n")) == "1:private-key");
  CHECK(told("KEY=\"" + replaced(pem(), "\n", "\\n") + "\"\n") == "1:private-key");
  CHECK(told("{\"a\": {\n\"k\": \"" + replaced(pem(), "\n", "\\\\n") + "\"}}") == "2:private-key");
  CHECK(told("data:\n  key: |\n    " + replaced(pem(), "\n", "\n    ")) == "3:private-key");
  CHECK(told("  tls.key: " + to_base64(as_bytes(pem())) + "\n  tls.crt: " +
             to_base64(as_bytes(certificate_pem())) + "\n") == "1:private-key 2:certificate");
  CHECK(told(utf16(pem(), true)) == "1:private-key");
  CHECK(told(utf16(pem(), false)) == "1:private-key");
  CHECK(told(pem("word")) == "1:private-key-encrypted");
  CHECK(told(traditional_pem(true)) == "1:private-key-encrypted");
  CHECK(told(as_text(key_der())) == "0:private-key");
  CHECK(told("-----BEGIN OPENSSH PRIVATE KEY-----\n" +
             to_base64(as_bytes("this is no body of a key of that kind at all")) +
             std::string(20, 'A') + "\n-----END OPENSSH PRIVATE KEY-----\n") ==
        "1:private-key-probable");
  std::string openssh{"openssh-key-v1\0", 15};
  openssh += std::string(60, 'x');
  CHECK(told("-----BEGIN OPENSSH PRIVATE KEY-----\n" + to_base64(as_bytes(openssh)) +
             "\n-----END OPENSSH PRIVATE KEY-----\n") == "1:private-key-openssh");
  CHECK(told("PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: x\nPublic-Lines: 1\nAAAA\n"
             "Private-Lines: 1\n" +
             std::string(64, 'A') + "\nPrivate-MAC: 00\n") == "1:private-key");
}

TEST_CASE("stores are found: PKCS#12 with a key, Java keystores") {
  CHECK(told(as_text(pkcs12(true))) == "0:private-key-pkcs12");
  CHECK(told(as_text(pkcs12(false))) == "0:certificate");
  const std::string key_store{"\xFE\xED\xFE\xED\0\0\0\2\0\0\0\1\0\0\0\1", 16};
  CHECK(told(key_store) == "0:private-key-jks");
  const std::string trust_store{
      "\xFE\xED\xFE\xED\0\0\0\2\0\0\0\1\0\0\0\2\0\1a\0\0\0\0\0\0\0\0\0\1X\0\0\0\1Z", 35};
  CHECK(told(trust_store) == "0:certificate");
}

TEST_CASE("the public half of a key pairs it with its certificate") {
  const FoundMaterial key = find_material(as_bytes(pem())).at(0);
  const FoundMaterial public_half = find_material(as_bytes(certificate_pem())).at(0);
  CHECK(key.spki_sha256.size() == 64);
  CHECK(key.spki_sha256 == public_half.spki_sha256);
  CHECK(key.detail == "EC");
}

TEST_CASE("what only speaks of keys is no key") {
  CHECK(told("grep -r 'BEGIN RSA PRIVATE KEY' .\n").empty());
  CHECK(told("re = /-----BEGIN (RSA )?PRIVATE KEY-----[\\s\\S]+/\n").empty());
  CHECK(told("-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n").empty());
  CHECK(told("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n").empty());
  CHECK(told("-----BEGIN RSA PRIVATE KEY-----\n<your key here>\n-----END RSA PRIVATE KEY-----\n")
            .empty());
  CHECK(
      told("-----BEGIN PUBLIC KEY-----\n" + std::string(120, 'A') + "\n-----END PUBLIC KEY-----\n")
          .empty());
  CHECK(told("-----BEGIN DH PARAMETERS-----\n" + std::string(120, 'A') +
             "\n-----END DH PARAMETERS-----\n")
            .empty());
}

TEST_CASE("prose behind a marker and fillers of one letter are no key") {
  CHECK(
      told("Look for -----BEGIN RSA PRIVATE KEY----- at the top of the file and make sure that it "
           "is never committed to any repository of yours\n")
          .empty());
  CHECK(told("-----BEGIN PRIVATE KEY-----\n" + std::string(64, 'X') + "\n" + std::string(64, 'X') +
             "\n-----END PRIVATE KEY-----\n")
            .empty());
}

TEST_CASE("keys in joined strings, behind other text in base64, and in bundles are found") {
  CHECK(told("const k = '" + replaced(pem(), "\n", "\\n' +\n  '") + "';\n") == "1:private-key");
  for (const char* before : {"x", "xy", "xyz", "# Bag Attributes\n"}) {
    INFO(before);
    CHECK(told("  key: " + to_base64(as_bytes(before + pem())) + "\n") == "1:private-key");
  }
  CHECK(told("tls: " + to_base64(as_bytes(certificate_pem() + pem())) + "\n") ==
        "1:certificate 1:private-key");
  std::string wrapped = to_base64(as_bytes(pem()));
  for (std::size_t at = 76; at < wrapped.size(); at += 81) wrapped.insert(at, "\n    ");
  CHECK(told("data:\n  tls.key: |\n    " + wrapped + "\n") == "3:private-key");
}

TEST_CASE("a body that does not parse is probably a key") {
  std::string damaged = pem();
  damaged.replace(damaged.find('\n') + 1, 4, "AAAA");
  CHECK(told(damaged) == "1:private-key-probable");
}

TEST_CASE("a truncated key is a probable key or nothing, and never harms") {
  const std::string whole = pem() + traditional_pem(true) + "requirepass s3cr3t\n";
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK(find_material(as_bytes(whole).first(size)).size() <= 3);
  for (const Bytes& store : {pkcs12(true), key_der()})
    for (std::size_t size = 0; size < store.size(); ++size) {
      const auto found = find_material(ByteView{store}.first(size));
      CHECK(found.size() <= 1);
    }
}

TEST_CASE("material is told by line and column") {
  const std::string text = "a: 1\n  requirepass s3cr3t-value\nkey: |\n  " + pem();
  std::vector<std::string> places;
  for (const FoundMaterial& found : find_material(as_bytes(text)))
    places.push_back(fmt::format("{}:{}", found.line, found.column));
  CHECK(join(places, " ") == "2:3 4:3");
  const auto below = find_material(as_bytes("a: 1\nredis:\n  auth:\n    password: hunter22\n"));
  REQUIRE(below.size() == 1);
  CHECK(below[0].line == 4);
  CHECK(below[0].column == 5);
}

TEST_CASE("redis credentials are found where they are written out") {
  const std::string secrets[] = {
      "requirepass s3cr3t-value",
      "  masterauth \"p w\"",
      "sentinel auth-pass mymaster hunter22",
      "command: redis-server --requirepass hunter22 --port 0",
      "command: [\"redis-server\", \"--requirepass\", \"hunter22\"]",
      "user backend on >hunter22 ~* +@all",
      "REDIS_URL=rediss://app:hunter22@redis:6379/0",
      "REDIS_URL=redis://:p@ss@redis:6379",
      "export REDIS_PASSWORD=hunter22",
      "      REDIS_PASSWORD: hunter22",
      "{\"redisPassword\": \"hunter22\"}",
      "ENV REDIS_AUTH hunter22\nENV REDIS_AUTH=hunter22",
      "aws elasticache create --auth-token hunter22hunter22",
      "  auth_token = \"hunter22hunter22\"",
      "redis-cli -h redis -a hunter22 ping",
      "new Redis({host: 'redis', password: \"hunter22\", tls: {}})",
      "r = redis.Redis(host='x', password='hunter22')",
      "{\"ConnectionStrings\": {\"Redis\": \"redis:6380,password=hunter22,ssl=true\"}}",
      "env:\n  - name: REDIS_PASSWORD\n    value: \"hunter22\"\n",
      "env: [{name: REDIS_PASSWORD, value: hunter22}]",
      "redis:\n  auth:\n    # for tests\n    enabled: true\n    password: hunter22\n",
      "spring:\n  data:\n    redis:\n      port: 6379\n      password: hunter22\n",
      "redis: {host: redis, auth: {enabled: true, password: hunter22}}",
      "cache: {redis: {password: \"hunter22\", port: 6379}}",
      "redis:\n  auth: {password: hunter22}\n",
      "redis: {\n  host: redis,\n  password: hunter22\n}\n",
      "environment: {TZ: UTC, REDIS_PASSWORD: hunter22}",
      "{\"redis\":{\"host\":\"h\",\"password\":\"hunter22\"}}",
      "{\n  \"redis\": {\n    \"host\": \"h\",\n    \"password\": \"hunter22\"\n  }\n}\n",
      "redis = { host = \"h\", password = \"hunter22\" }",
      "[cache.redis]\nhost = \"h\"\npassword = \"hunter22\"\n",
      "[redis]\nhost = h\npassword = hunter22\n",
      "const client = new Redis({\n  host: 'redis',\n  password: 'hunter22',\n});",
      "redis.NewClient(&redis.Options{\n\tAddr: addr,\n\tPassword: \"hunter22\",\n})",
      "r = redis.Redis(\n    host='redis',\n    password='hunter22',\n)",
      "'redis' => [\n  'default' => [\n    'password' => 'hunter22',\n  ],\n],",
      "{\"name\": \"REDIS_PASSWORD\", \"value\": \"hunter22\"}",
      "{\n  \"name\": \"REDIS_PASSWORD\",\n  \"value\": \"hunter22\"\n}",
      "[{\"name\": \"REDIS_HOST\", \"value\": \"h\"}, {\"name\": \"REDIS_PASSWORD\", \"value\": "
      "\"hunter22\"}]",
      "VALKEY_URL=valkeys://app:hunter22@valkey:6379",
      "valkey:\n  auth:\n    password: hunter22\n",
      "redis: # cache\n  host: redis\n  password: hunter22\n",
      "redis: &redis\n  password: hunter22\n",
      "'redis':\n    'password': 'hunter22'\n",
      "redis:\n  password: >-\n    hunter22\n",
      "- name: redis\n  password: hunter22\n",
      "{\n  \"redis\": {\n    \"password\":\n      \"hunter22\"\n  }\n}\n",
      "env:\n  - value: hunter22\n    name: REDIS_PASSWORD\n",
      "redis-cli --tls --user app --pass hunter22 ping",
      "exec: {command: [\"redis-cli\",\"-a\",\"hunter22\",\"ping\"]}",
      "const { createClient } = require('redis');\nconst client = createClient({\n"
      "  socket: { host: 'h', tls: true },\n  password: 'hunter22',\n});\n",
      "CACHES = {\n  \"default\": {\n    \"BACKEND\": \"django_redis.cache.RedisCache\",\n"
      "    \"LOCATION\": \"rediss://redis:6379/1\",\n    \"OPTIONS\": {\"PASSWORD\": "
      "\"hunter22\"},\n"
      "  }\n}\n",
      "production:\n  adapter: redis\n  password: hunter22\n",
      "{\"cache\":{\"driver\":\"redis\",\"options\":{\"password\":\"hunter22\"}}}",
      "new ConfigurationOptions { EndPoints = { \"redis:6380\" }, Password = \"hunter22\" };",
      "apiVersion: v1\nkind: Secret\nmetadata: {name: redis-auth}\nstringData:\n"
      "  password: hunter22\n",
      "kind: Secret\nmetadata:\n  name: redis-auth\ndata:\n  password: aHVudGVyMjI=\n",
      "kind: Secret\nmetadata: {name: redis-acl}\ndata:\n"
      "  users.acl: dXNlciBkZWZhdWx0IG9mZgp1c2VyIGIgb24gPmh1bnRlcjIyIH4qICtAYWxsCg==\n",
      "kind: Secret\nmetadata: {name: redis-acl}\nstringData:\n  users.acl: |\n"
      "    user default off\n    user backend on >hunter22 ~* +@all\n",
  };
  for (const std::string& line : secrets) {
    INFO(line);
    const std::vector<FoundMaterial> found = find_material(as_bytes(line));
    REQUIRE(found.size() == 1);
    CHECK(found[0].material == Material::redis_secret);
    CHECK_FALSE(found[0].placeholder);
    CHECK(found[0].detail.find("hunter") == std::string::npos);
    CHECK(counts_in(found[0], "deploy/redis.conf"));
    CHECK_FALSE(counts_in(found[0], "docs/README.md"));
    for (std::size_t size = 0; size < line.size(); ++size)  // cut off, it harms nothing
      CHECK(find_material(as_bytes(std::string_view{line}.substr(0, size))).size() <= 1);
  }
}

TEST_CASE("references, paths, types and comments are no credentials") {
  for (const std::string line :
       {"requirepass ${REDIS_PASSWORD}",
        "# requirepass foobared",
        "requirepass \"\"",
        "user default on nopass ~* +@all",
        "user app on #9f86d081884c7d659a2feaa0c55ad015 ~* +@all",
        "REDIS_URL=rediss://redis:6379",
        "REDIS_URL=redis://${USER}:${PASS}@redis",
        "REDIS_PASSWORD=",
        "REDIS_PASSWORD=$PW",
        "REDIS_PASSWORD: ${REDIS_PASSWORD:?set it}",
        "redis_password: str = None",
        "redisPassword: string;",
        "const redisPassword = process.env.REDIS_PASSWORD",
        "redis_password=settings.get('x')",
        "REDIS_PASSWORD_FILE=/run/secrets/redis",
        "REDIS_TLS_KEY=/certs/redis/key.pem",
        "REDIS_AUTH=/run/x",
        "password: {{ redis_password }}",
        "redis_token = secrets.REDIS",
        "tls-auth-clients no",
        "redis-cli -a \"$REDIS_PASSWORD\" ping",
        "new Redis({password: process.env.REDIS_PASSWORD})",
        "redis.Redis(password=settings.password)",
        "createClient({ url: redisUrl, password })",
        "- name: REDIS_PASSWORD\n  valueFrom: {secretKeyRef: {name: x}}",
        "- name: REDIS_PASSWORD\n  value: $(PW)",
        "- name: REDIS_HOST\n  value: redis",
        "redis:\n  auth:\n    password: \"\"\n",
        "redis:\n  port: 1\npostgres:\n  password: hunter22",
        "redis:\n  auth:\n    password: ${PW}\n",
        "redis: {auth: {password: \"${PW}\"}}",
        "redis: {auth: {password: \"\"}}",
        "redis: {auth: {existingSecret: redis, passwordKey: redis-pw}}",
        "redis: {auth: {enabled: true}}\npostgres: {password: hunter22}",
        "password: {valueFrom: {secretKeyRef: {name: redis}}}",
        "redis: {password: {valueFrom: {secretKeyRef: {name: redis}}}}",
        "redis: {password: !vault x}",
        "[redis]\nhost = h\n[postgres]\npassword = hunter22\n",
        "new Redis({\n  password: config.secret(\"redis\"),\n})",
        "describe(\"redis\", () => {\n  login({password: \"hunter22\"})\n})",
        "[{\"name\": \"REDIS_PASSWORD\", \"valueFrom\": \"x:y\"}, {\"name\": "
        "\"A\", \"value\": \"hunter22\"}]",
        "{\"name\": \"REDIS_PASSWORD\", \"valueFrom\": \"arn:aws:x\"}",
        "'redis' => [\n  'password' => env('REDIS_PASSWORD'),\n],",
        "redis.Redis(\n  # password='hunter22',\n  host='x')",
        "{\"redis\": {\"host\": \"redis\"}, \"db\": {\"password\": "
        "\"hunter22\"}}",
        "{\"en\":{\"redis\":{\"password\":\"Redis password\",\"passwd\":"
        "\"Enter the password\"}}}",
        "[redis]\npassword = \"op://vault/redis/password\"\n",
        "redis:\n  password: ssm:/redis/password\n",
        "{\"redis\":{\"password\":\"env:REDIS_PASSWORD\"}}",
        "redis:\n  password: ENC[AES256_GCM,data:x,iv:y]\n",
        "redis:\n  auth-token: file:///run/secrets/x\n",
        "  auth_token = var.auth_token",
        "redis_password = local.password",
        "redis:\n  password:\n    \"host\": \"x\"\n",
        "redis-cli -a $REDIS_PASSWORD --pass \"$PW\" ping",
        "[\"redis-cli\", \"-a\", \"$PW\", \"ping\"]",
        "createClient({\n  password: 'hunter22',\n})",
        "kind: Secret\nmetadata: {name: db}\nstringData:\n  password: hunter22\n",
        "kind: Secret\nmetadata: {name: redis}\nstringData:\n"
        "  password: ${PW}\n",
        "kind: SealedSecret\nmetadata: {name: redis}\ndata:\n  password: AgBy\n",
        "kind: Secret\nmetadata: {name: redis}\ndata:\n  password: JHtQV30=\n",
        "REDIS_TLS_ENABLED=true",
        "REDIS_TLS_CA_PATH=/absolute/path/to/certs/ca.pem"}) {
    CHECK_MESSAGE(told(line) == "", line);
  }
}

TEST_CASE("without quotes a value of a flow map counts in settings, not in code") {
  const auto found =
      find_material(as_bytes("options = {\n  redis: {host: h,\n    password: pw12}}"));
  REQUIRE(found.size() == 1);
  CHECK(fmt::format("{}:{}", found[0].line, found[0].column) == "3:5");
  CHECK(counts_in(found[0], "config/app.yml"));
  CHECK_FALSE(counts_in(found[0], "src/redis.ts"));
}

TEST_CASE("an address with a password in it is a secret, one without is a reference") {
  CHECK(told("APP_SECRET_URL=postgres://u:hunter22@h/db") != "");
  CHECK(told("APP_SECRET_URL=https://vault.example.org/v1/app") == "");
}

TEST_CASE("a name behind = counts in settings, not in Terraform") {
  const auto found = find_material(as_bytes("auth_token = random_token.redis.result"));
  REQUIRE(found.size() == 1);
  CHECK_FALSE(counts_in(found[0], "infra/main.tf"));
  CHECK(counts_in(found[0], "redis.ini"));
  CHECK(counts_in(found[0], ".env"));
  const auto type = find_material(as_bytes("  MIGRATE(host: string, authToken: RedisValue)"));
  REQUIRE(type.size() == 1);
  CHECK_FALSE(counts_in(type[0], "RedisCommander.d.ts"));
  CHECK(counts_in(type[0], "deploy/values.yaml.j2"));
  CHECK(told("r = \"redis://[[username]:[password]]@localhost:6379/0\"") == "");
  CHECK(counts_in(find_material(as_bytes("auth_token = \"hunter22hunter22\"")).at(0), "main.tf"));
}

TEST_CASE("a password in one line is told by its column") {
  const auto column = [](const char* line) { return find_material(as_bytes(line)).at(0).column; };
  CHECK(column("{\"cache\":{\"driver\":\"redis\",\"password\":\"hunter22\"}}") == 29);
  CHECK(column("  redis = { host = \"h\", password = \"hunter22\" }") == 25);
  CHECK(column("{\"a\": 1, \"redisPassword\": \"hunter22\"}") == 11);
}

TEST_CASE("placeholders are told apart, and other secrets count in env files only") {
  CHECK(find_material(as_bytes("REDIS_PASSWORD=changeme")).at(0).placeholder);
  CHECK(find_material(as_bytes("requirepass your_password_here")).at(0).placeholder);
  const FoundMaterial other = find_material(as_bytes("JWT_SECRET=q8w7e6r5")).at(0);
  CHECK(other.material == Material::environment_secret);
  CHECK(counts_in(other, "backend/.env"));
  CHECK_FALSE(counts_in(other, "src/config.ts"));
  CHECK(is_template_file("backend/.env.example"));
  CHECK(is_environment_file("backend/.env.example"));
  CHECK_FALSE(is_template_file("backend/.env"));
  CHECK_FALSE(is_environment_file("env.js"));
}
