#include "collect/key_material.h"

#include <doctest/doctest.h>

#include "collect/collectors.h"
#include "tests/support/pki.h"
#include "tests/support/temporary_directory.h"

using namespace rta;
using rta::testing::Issued;
using rta::testing::TemporaryDirectory;

namespace {

struct Collected {
  ScanSettings settings;
  SecretVault vault;
  Evidence evidence;
};

void collect_both(const TemporaryDirectory& tree, Collected& out) {
  const ProjectFiles files = std::move(*ProjectFiles::open(tree.path()));
  CollectContext context{
      .settings = out.settings, .files = &files, .secrets = out.vault, .needs = {}};
  collect_certificates(context, out.evidence);
  collect_key_files(context, out.evidence);
}

NamedFile named(std::string path, FileUse use) {
  NamedFile file;
  file.declared = file.path = std::move(path);
  file.reference = {use, {"redis.conf", 3, 1}, "redis.conf"};
  return file;
}

}  // namespace

TEST_CASE("certificates and keys are found by content, whatever their names") {
  const TemporaryDirectory tree;
  const Issued ca = rta::testing::make_authority();
  tree.write("a/notes.txt", "our CA:\n" + ca.pem() + "\n");
  tree.write("a/backup", ca.key_pem(), 0640);
  tree.write("a/README.md", "-----BEGIN nothing");
  Collected out;
  collect_both(tree, out);
  REQUIRE(out.evidence.certificate_files.size() == 1);
  CHECK(out.evidence.certificate_files[0]->file.path == "a/notes.txt");
  CHECK(out.evidence.certificate_files[0]->certificates == std::vector<Bytes>{ca.der});
  CHECK(out.evidence.certificate_files[0].provenance().grade == Grade::declared);
  REQUIRE(out.evidence.key_files.size() == 1);
  const KeyFile& key = *out.evidence.key_files[0];
  CHECK(key.file.path == "a/backup");
  CHECK(key.file.mode == 0640);
  CHECK(key.kind == "EC");
  CHECK(key.spki_sha256 == ca.key.spki_sha256());
  CHECK(key.references[0].use == FileUse::found_in_tree);
  CHECK(out.evidence.key_files[0].provenance().grade == Grade::observed);
}

TEST_CASE("a marker in a document is no key, a damaged key is one") {
  const TemporaryDirectory tree;
  std::string damaged = rta::testing::make_authority().key_pem();
  damaged.insert(damaged.find('\n') + 90, "*");
  tree.write("README.md",
             "```\n-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n```\n"
             "-----BEGIN ENCRYPTED PRIVATE KEY-----\n<yours>\n"
             "-----END ENCRYPTED PRIVATE KEY-----\n");
  tree.write("damaged.pem", damaged, 0600);
  Collected out;
  collect_both(tree, out);
  REQUIRE(out.evidence.key_files.size() == 1);
  CHECK(out.evidence.key_files[0]->file.path == "damaged.pem");
}

TEST_CASE("a named file is kept with who names it, and a gap when it cannot be used") {
  const TemporaryDirectory tree;
  const Issued ca = rta::testing::make_authority();
  tree.write("c.pem", ca.pem() + ca.key_pem());
  tree.write("page.pem", "<html>404</html>");
  Collected out;
  out.evidence.named_files = {
      named("c.pem", FileUse::server_certificate), named("c.pem", FileUse::server_key),
      named("missing.pem", FileUse::server_key), named("page.pem", FileUse::consumer_ca),
      named("/etc/outside.pem", FileUse::server_ca)};
  collect_both(tree, out);
  REQUIRE(out.evidence.certificate_files.size() == 3);
  CHECK(out.evidence.certificate_files[0].gap()->reason == GapReason::outside_scope);
  CHECK(out.evidence.certificate_files[1]->other_blocks == std::vector<std::string>{"PRIVATE KEY"});
  CHECK(out.evidence.certificate_files[1]->references.size() == 2);
  CHECK(out.evidence.certificate_files[2]->problems.front().contains("web page"));
  REQUIRE(out.evidence.key_files.size() == 2);
  CHECK(out.evidence.key_files[0]->file.path == "c.pem");
  CHECK(out.evidence.key_files[1].gap()->reason == GapReason::not_found);
}

TEST_CASE("encrypted keys and keystores are told without being opened") {
  const Issued ca = rta::testing::make_authority();
  const Secret encrypted = ca.key.encrypted_pem("pass");
  const std::vector<KeyFile> keys = read_keys(as_bytes(encrypted.expose()));
  REQUIRE(keys.size() == 1);
  CHECK(keys[0].encrypted);
  CHECK(keys[0].spki_sha256.empty());
  Bytes keystore{0xFE, 0xED, 0xFE, 0xED};
  keystore.resize(64);
  CHECK(read_keys(keystore).at(0).kind == "JKS");
  CHECK(read_keys(as_bytes("nothing")).empty());
}

TEST_CASE("mounts tell which keys they hand to a service, and the image tells the account") {
  const TemporaryDirectory tree;
  const Issued ca = rta::testing::make_authority();
  const Issued server = rta::testing::make_server(ca);
  tree.write("certs/ca.pem", ca.pem());
  tree.write("certs/ca-key.pem", ca.key_pem(), 0600);
  tree.write("certs/key.pem", server.key_pem(), 0600);
  Collected out;
  ComposeProject compose;
  ComposeService& service = compose.services.emplace_back();
  service.name = "redis";
  service.is_redis = true;
  service.image = "docker.io/library/redis:7-alpine";
  service.mounts.push_back({.type = "bind", .source = "certs", .target = "/certs"});
  out.evidence.compose = compose;
  collect_both(tree, out);
  const Mount& mount = out.evidence.compose->services[0].mounts[0];
  CHECK(mount.private_keys == std::vector<std::string>{"certs/ca-key.pem", "certs/key.pem"});
  CHECK(mount.ca_private_keys == std::vector<std::string>{"certs/ca-key.pem"});
  CHECK(out.evidence.service_uid == 999U);
}

TEST_CASE("anchors come as files, digests or the public store, and a bad one is noted") {
  const TemporaryDirectory tree;
  const Issued ca = rta::testing::make_authority();
  Collected out;
  out.settings.anchors = {tree.write("ca.pem", ca.pem()), std::string(64, 'A'), "public",
                          "/no/such/file"};
  CollectContext context{.settings = out.settings, .secrets = out.vault, .needs = {}};
  collect_trust(context, out.evidence);
  CHECK(out.evidence.anchors_given);
  CHECK(out.evidence.trust_public_store);
  CHECK(out.evidence.trusted_anchors == std::vector<Bytes>{ca.der});
  REQUIRE(out.evidence.trusted_anchor_sha256.size() == 2);
  CHECK(out.evidence.trusted_anchor_sha256[1] == std::string(64, 'a'));
  CHECK(out.evidence.scope.notes.size() == 1);
}

TEST_CASE("files with secrets are looked at, the others are not") {
  const TemporaryDirectory tree;
  tree.write("backend/.env", "REDIS_PASSWORD=x", 0644);
  tree.write("other.env", "A=b");
  Collected out;
  Consumer& consumer = out.evidence.consumers.emplace_back();
  Setting& setting = consumer.settings.emplace_back();
  setting.is_secret = true;
  setting.location = {"backend/.env", 1, 1};
  collect_both(tree, out);
  REQUIRE(out.evidence.secret_files.size() == 1);
  CHECK(out.evidence.secret_files[0]->mode == 0644);
}
