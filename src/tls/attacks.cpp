#include "tls/attacks.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/text.h"
#include "tls/code_points.h"
#include "tls/dh_prime.h"

namespace rta::tls {
namespace {

using SuiteTest = std::function<bool(const SuiteProperties&)>;

// What is known about suites of one kind, up to one version.
struct Known {
  std::vector<std::string> accepted_at;
  std::string open;  // why absence is not proven

  [[nodiscard]] bool any() const { return !accepted_at.empty(); }
  [[nodiscard]] std::string versions() const { return join(accepted_at, ", "); }
};

Known look_for(const TlsSurvey& survey, const SuiteTest& wanted,
               ProtocolVersion newest = ProtocolVersion::tls1_2) {
  Known known;
  for (const VersionOffer& offer : survey.versions) {
    if (offer.version == ProtocolVersion::ssl2 || offer.version > newest) continue;
    if (offer.answer.answer == Answer::not_supported) continue;
    const std::string version{name_of(offer.version)};
    const SuiteInventory* inventory = survey.suites_of(offer.version);
    if (offer.answer.answer != Answer::supported || inventory == nullptr) {
      known.open = version + ": " + offer.answer.reason;
      continue;
    }
    bool accepted = false, decided = true;
    for (const SuiteProperties& suite : all_suites()) {
      if (suite.is_tls13() || !wanted(suite)) continue;
      const auto count = std::ranges::count(inventory->accepted, suite.code, &AcceptedSuite::suite);
      accepted = accepted || count > 0;
      decided = decided && inventory->decides(suite.code);
    }
    if (accepted) known.accepted_at.push_back(version);
    if (!decided) known.open = fmt::format("the suites of {} are not known completely", version);
  }
  return known;
}

NamedAttack from_suites(std::string_view name, std::string_view what, const Known& known) {
  if (known.any())
    return {name, Exposure::exposed, fmt::format("{} at {}", what, known.versions())};
  if (!known.open.empty()) return {name, Exposure::open, known.open};
  return {name, Exposure::excluded, fmt::format("{}: none is accepted", what)};
}

NamedAttack from_version(std::string_view name, const TlsSurvey& survey, ProtocolVersion version) {
  const OfferAnswer* answer = survey.version(version);
  const std::string label{name_of(version)};
  if (answer == nullptr) return {name, Exposure::open, label + " was not asked for"};
  if (answer->answer == Answer::supported) return {name, Exposure::exposed, label + " is accepted"};
  if (answer->answer == Answer::not_supported)
    return {name, Exposure::excluded, label + " is refused"};
  return {name, Exposure::open, label + ": " + answer->reason};
}

bool is_cbc(const SuiteProperties& suite) { return suite.mode == CipherMode::cbc; }
bool is_dhe(const SuiteProperties& suite) { return suite.key_exchange == KeyExchange::dhe; }

NamedAttack lucky13(const TlsSurvey& survey) {
  const Known cbc = look_for(survey, is_cbc);
  if (!cbc.any()) return from_suites("Lucky13", "suites with CBC", cbc);
  // RFC 7366 helps those who ask for it only; Java's TLS, for one, does not.
  const bool for_nobody = survey.behaviour.encrypt_then_mac == false;
  return {"Lucky13", Exposure::exposed,
          fmt::format("CBC at {}{}", cbc.versions(),
                      for_nobody ? " without encrypt-then-MAC"
                                 : ", with clients that do not ask for encrypt-then-MAC")};
}

NamedAttack crime(const TlsSurvey& survey) {
  const std::optional<bool>& accepted = survey.behaviour.compression_accepted;
  const bool older = std::ranges::any_of(survey.versions, [](const VersionOffer& offer) {
    return offer.version < ProtocolVersion::tls1_3 && offer.answer.answer != Answer::not_supported;
  });
  if (!older) return {"CRIME", Exposure::excluded, "TLS 1.3 has no compression"};
  if (!accepted) return {"CRIME", Exposure::open, "compression was not asked for to the end"};
  return {"CRIME", *accepted ? Exposure::exposed : Exposure::excluded,
          *accepted ? "compression is accepted" : "compression is refused"};
}

NamedAttack logjam(const TlsSurvey& survey) {
  constexpr int kBroken = 1024;
  for (const DhParameters& parameters : survey.dh_parameters)
    if (const int bits = facts_of_prime(parameters.prime).bits; bits <= kBroken)
      return {"LOGJAM", Exposure::exposed, fmt::format("a Diffie-Hellman prime of {} bits", bits)};
  const Known exported = look_for(
      survey, [](const SuiteProperties& suite) { return suite.exportable && is_dhe(suite); });
  if (exported.any() || !exported.open.empty())
    return from_suites("LOGJAM", "export Diffie-Hellman", exported);
  const Known dhe = look_for(survey, is_dhe);
  if (dhe.any() && survey.dh_parameters.empty())
    return {"LOGJAM", Exposure::open, "DHE is accepted and its prime was not seen"};
  return {"LOGJAM", Exposure::excluded,
          dhe.any() ? "no prime of 1024 bits or less" : "no finite-field Diffie-Hellman"};
}

NamedAttack raccoon(const TlsSurvey& survey) {
  const Known fixed = look_for(
      survey, [](const SuiteProperties& suite) { return suite.key_exchange == KeyExchange::dh; });
  if (fixed.any()) return from_suites("Raccoon", "static Diffie-Hellman", fixed);
  const Known dhe = look_for(survey, is_dhe);
  if (dhe.any() && survey.behaviour.ephemeral_key_reused == true)
    return {"Raccoon", Exposure::exposed, "DHE keys are used again"};
  if (dhe.any() && !survey.behaviour.ephemeral_key_reused)
    return {"Raccoon", Exposure::open, "whether DHE keys are used again was not seen"};
  return from_suites("Raccoon", "static Diffie-Hellman or reused DHE keys", fixed);
}

}  // namespace

std::vector<NamedAttack> named_attacks(const TlsSurvey& survey) {
  if (!survey.speaks_tls()) return {};
  const auto suites = [&](const SuiteTest& wanted, ProtocolVersion newest) {
    return look_for(survey, wanted, newest);
  };
  constexpr ProtocolVersion kAny = ProtocolVersion::tls1_2;
  return {
      from_suites("BEAST", "CBC with predictable vectors", suites(is_cbc, ProtocolVersion::tls1_0)),
      crime(survey),
      lucky13(survey),
      from_suites(
          "RC4", "the biased stream cipher",
          suites([](const SuiteProperties& suite) { return suite.cipher == Cipher::rc4; }, kAny)),
      from_suites("POODLE", "CBC", suites(is_cbc, ProtocolVersion::ssl3)),
      from_suites("FREAK", "export RSA",
                  suites(
                      [](const SuiteProperties& suite) {
                        return suite.exportable && suite.key_exchange == KeyExchange::rsa;
                      },
                      kAny)),
      logjam(survey),
      from_version("DROWN", survey, ProtocolVersion::ssl2),
      from_suites("SWEET32", "64-bit blocks",
                  suites(
                      [](const SuiteProperties& suite) {
                        return suite.cipher == Cipher::triple_des || suite.cipher == Cipher::des ||
                               suite.cipher == Cipher::idea || suite.cipher == Cipher::rc2;
                      },
                      kAny)),
      from_suites("ROBOT precondition", "RSA key transport",
                  suites(
                      [](const SuiteProperties& suite) {
                        return suite.key_exchange == KeyExchange::rsa ||
                               suite.key_exchange == KeyExchange::rsa_psk;
                      },
                      kAny)),
      raccoon(survey),
  };
}

}  // namespace rta::tls
