// Runs the checks of certificates, chains and keys over a directory of X.509
// samples (index.json, see its README), named by RTA_X509_CORPUS.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "x509/chain.h"
#include "x509/key.h"
#include "x509/names.h"
#include "x509/pem.h"

using namespace rta;
using namespace rta::testing;
using nlohmann::json;

namespace {

// The check that has to speak of each class of defect.
const std::map<std::string, std::string> kSpeaker{{"bad_dns_name", "RTA-CERT-012"},
                                                  {"bad_wildcard", "RTA-CERT-012"},
                                                  {"ca_not_ca", "RTA-CHAIN-001"},
                                                  {"client_server_indistinct", "RTA-CERT-008"},
                                                  {"cn_not_in_san", "RTA-CERT-012"},
                                                  {"dev_name", "RTA-CERT-012"},
                                                  {"dsa_key", "RTA-CERT-003"},
                                                  {"duplicate_cert", "RTA-CHAIN-004"},
                                                  {"eku_any", "RTA-CERT-008"},
                                                  {"eku_both", "RTA-CERT-008"},
                                                  {"eku_error", "RTA-CERT-008"},
                                                  {"eku_missing", "RTA-CERT-008"},
                                                  {"expired", "RTA-CERT-002"},
                                                  {"expiring_critical", "RTA-CERT-002"},
                                                  {"expiring_warning", "RTA-CERT-002"},
                                                  {"explicit_curve", "RTA-CERT-003"},
                                                  {"extra_cert", "RTA-CHAIN-004"},
                                                  {"key_mismatch", "RTA-KEY-006"},
                                                  {"ku_error", "RTA-CERT-006"},
                                                  {"ku_missing", "RTA-CERT-006"},
                                                  {"leaf_is_ca", "RTA-CERT-006"},
                                                  {"missing_intermediate", "RTA-CHAIN-004"},
                                                  {"must_staple", "RTA-CERT-013"},
                                                  {"name_mismatch", "RTA-CHAIN-002"},
                                                  {"nc_error", "RTA-CHAIN-001"},
                                                  {"no_san", "RTA-CERT-007"},
                                                  {"no_usable_san", "RTA-CERT-007"},
                                                  {"nonstandard_curve", "RTA-CERT-003"},
                                                  {"not_yet_valid", "RTA-CERT-002"},
                                                  {"outlives_issuer", "RTA-CERT-010"},
                                                  {"pathlen_error", "RTA-CHAIN-001"},
                                                  {"root_in_chain", "RTA-CHAIN-004"},
                                                  {"rsa_exponent", "RTA-CERT-003"},
                                                  {"rsa_odd_size", "RTA-CERT-003"},
                                                  {"rsa_small", "RTA-CERT-003"},
                                                  {"self_signed", "RTA-CERT-009"},
                                                  {"serial_error", "RTA-CERT-012"},
                                                  {"serial_low_entropy", "RTA-CERT-012"},
                                                  {"unknown_critical", "RTA-CERT-006"},
                                                  {"untrusted", "RTA-CHAIN-001"},
                                                  {"validity_too_long", "RTA-CERT-005"},
                                                  {"version", "RTA-CERT-006"},
                                                  {"weak_curve_or_type", "RTA-CERT-003"},
                                                  {"weak_signature_hash", "RTA-CERT-004"},
                                                  {"wildcard", "RTA-CERT-012"},
                                                  {"wrong_order", "RTA-CHAIN-004"}};

struct Corpus {
  std::string directory;

  [[nodiscard]] Bytes bytes(const std::string& name) const {
    std::ifstream stream{directory + "/" + name, std::ios::binary};
    REQUIRE_MESSAGE(stream.good(), name);
    return Bytes{std::istreambuf_iterator<char>{stream}, {}};
  }
  [[nodiscard]] std::vector<Bytes> blocks(const std::string& name,
                                          bool (*wanted)(std::string_view)) const {
    std::vector<Bytes> all;
    for (x509::PemBlock& block : x509::parse_pem(bytes(name)).blocks)
      if (wanted(block.label) && block.problem.empty()) all.push_back(std::move(block.der));
    return all;
  }
};

Evidence evidence_of(const Corpus& corpus, const json& sample) {
  Evidence evidence = story();
  evidence.as_of = *parse_timestamp(sample["time"].get<std::string>());
  const std::string host = sample["peer"]["value"];
  const std::vector<Bytes> chain = corpus.blocks(sample["chain"], x509::is_certificate_label);
  const std::vector<Bytes> trusted = corpus.blocks(sample["trusted"], x509::is_certificate_label);
  serve(evidence, chain, host);
  add_certificates(evidence, "chain.pem", chain, FileUse::server_certificate);
  add_certificates(evidence, "ca.pem", trusted, FileUse::consumer_ca, "backend");
  add_consumer(evidence, host, trusted);
  evidence.anchors_given = true;
  evidence.trusted_anchors = trusted;
  for (const Bytes& der : trusted)
    evidence.trusted_anchor_sha256.push_back(x509::parse_certificate(der)->sha256);
  for (const Bytes& der : corpus.blocks(sample["key"], x509::is_private_key_label))
    if (const Result<x509::PrivateKey> key = x509::PrivateKey::from_der(der))
      add_key(evidence, "key.pem", FileUse::server_key, key->spki_sha256());
  return evidence;
}

// Codes of the checks that say anything but pass or not applicable.
std::set<std::string> speakers(const Evidence& evidence, bool with_remarks) {
  std::set<std::string> codes;
  for (const CheckEntry& entry : all_checks()) {
    const std::string code{entry.check->info.code.text};
    if (!code.starts_with("RTA-CERT-") && !code.starts_with("RTA-CHAIN-") && code != "RTA-KEY-006")
      continue;
    Findings findings{*entry.check};
    entry.check->evaluate(evidence, profile("hipaa"), findings);
    for (const Finding& finding : findings.all())
      if (finding.status != Status::pass && finding.status != Status::not_applicable &&
          (with_remarks || finding.severity != Severity::info))
        codes.insert(code);
  }
  return codes;
}

bool accepts(const Corpus& corpus, const json& sample) {
  const std::vector<Bytes> chain = corpus.blocks(sample["chain"], x509::is_certificate_label);
  const std::vector<Bytes> trusted = corpus.blocks(sample["trusted"], x509::is_certificate_label);
  std::vector<Bytes> crls;
  if (sample.contains("crl") && sample["crl"].is_string())
    crls = corpus.blocks(sample["crl"], [](std::string_view label) { return label == "X509 CRL"; });
  const Timestamp at = *parse_timestamp(sample["time"].get<std::string>());
  if (!x509::verify_chain({.served = chain, .anchors = trusted, .crls = crls, .at = at}).accepted)
    return false;
  const Result<x509::Certificate> leaf = x509::parse_certificate(chain.at(0));
  const x509::NameMatch match = x509::match_name(*leaf, sample["peer"]["value"].get<std::string>());
  return match == x509::NameMatch::exact || match == x509::NameMatch::wildcard;
}

}  // namespace

TEST_CASE("the X.509 samples come out as their index says") {
  const char* directory = std::getenv("RTA_X509_CORPUS");
  if (directory == nullptr) {
    MESSAGE("skipped: RTA_X509_CORPUS names no directory of samples");
    return;
  }
  const Corpus corpus{directory};
  const json index = json::parse(corpus.bytes("index.json"));
  int judged = 0;
  for (const json& sample : index["cases"]) {
    if (sample["kind"] != "server-chain") continue;
    const std::string id = sample["id"];
    INFO(id);
    ++judged;
    if (sample["verify"] != "skip")
      CHECK(accepts(corpus, sample) == (sample["verify"] == "accept"));
    const Evidence evidence = evidence_of(corpus, sample);
    const std::set<std::string> told = speakers(evidence, true);
    for (const std::string classification : sample["expect_classes"]) {
      const auto speaker = kSpeaker.find(classification);
      // SHA-224 is strong enough; revocation lists are not part of an audit.
      if (speaker == kSpeaker.end() || id == "sig-sha224") continue;
      INFO(classification);
      CHECK(told.contains(speaker->second));
    }
    if (sample["expect_classes"].empty()) {
      std::string unexpected;
      for (const std::string& code : speakers(evidence, false)) unexpected += code + " ";
      CHECK(unexpected == "");
    }
  }
  CHECK(judged > 60);
}
