#include "tls/completeness.h"

#include <fmt/format.h>

#include <algorithm>

#include "tls/code_points.h"
#include "tls/gate_lane.h"
#include "tls/survey_parts.h"

namespace rta::tls {
namespace {

// Absent values by the name of their claim.
bool has_value(const TlsBehaviour& seen, std::string_view claim) {
  if (claim == "compression_accepted") return seen.compression_accepted.has_value();
  if (claim == "secure_renegotiation") return seen.secure_renegotiation.has_value();
  if (claim == "fallback_scsv_honoured") return seen.fallback_scsv_honoured.has_value();
  if (claim == "downgrade_sentinel") return seen.downgrade_sentinel.has_value();
  if (claim == "extended_master_secret") return seen.extended_master_secret.has_value();
  if (claim == "encrypt_then_mac") return seen.encrypt_then_mac.has_value();
  if (claim == "heartbeat") return seen.heartbeat.has_value();
  if (claim == "ephemeral_key_reused") return seen.ephemeral_key_reused.has_value();
  if (claim == "sha1_signature_accepted") return seen.sha1_signature_accepted.has_value();
  if (claim == "post_quantum_preferred") return seen.post_quantum_preferred.has_value();
  if (claim == "post_quantum_exclusive") return seen.post_quantum_exclusive.has_value();
  return claim == "signature_scheme" && seen.signature_scheme.has_value();
}

bool is_of_tls13_alone(std::string_view claim) { return claim.starts_with("post_quantum"); }

bool takes_two_versions(std::string_view claim) {
  return claim == "fallback_scsv_honoured" || claim == "downgrade_sentinel";
}

// Told by hellos of their own; the others by any ServerHello.
bool is_asked_for_itself(std::string_view claim) {
  return claim != "secure_renegotiation" && claim != "extended_master_secret" &&
         claim != "encrypt_then_mac" && claim != "heartbeat" && claim != "downgrade_sentinel";
}

bool offers_cbc(const TlsSurvey& survey) {
  for (const SuiteInventory& inventory : survey.suites)
    for (const AcceptedSuite& accepted : inventory.accepted)
      if (const SuiteProperties* suite = find_suite(accepted.suite);
          suite != nullptr && suite->mode == CipherMode::cbc)
        return true;
  return false;
}

template <class T>
bool is_not_asked_for(const std::vector<T>& inventories) {
  return std::ranges::any_of(inventories, [](const T& inventory) {
    return inventory.incomplete_reason == kNotAskedFor;
  });
}

// The versions that a claim is about, where they speak against it.
std::string why_no_version(const TlsSurvey& survey, std::string_view claim) {
  int older = 0;
  bool newest = false;
  const VersionOffer* open = nullptr;
  for (const VersionOffer& offer : survey.versions) {
    const bool spoken = offer.answer.answer == Answer::supported;
    if (offer.answer.answer == Answer::inconclusive) open = &offer;
    if (spoken && offer.version == ProtocolVersion::tls1_3) newest = true;
    if (spoken && offer.version > ProtocolVersion::ssl2 && offer.version < ProtocolVersion::tls1_3)
      ++older;
  }
  std::string why;
  if (is_of_tls13_alone(claim)) {
    if (!newest) why = "TLS 1.3 is not spoken";
  } else if (older == 0) {
    why = "nothing older than TLS 1.3 is spoken";
  } else if (claim == "downgrade_sentinel" && !newest) {
    why = "TLS 1.3 is not spoken";
  } else if (takes_two_versions(claim) && older + (newest ? 1 : 0) < 2) {
    why = "one version alone is spoken";
  }
  if (why.empty() || open == nullptr) return why;
  return fmt::format("{} stayed open: {}", name_of(open->version), open->answer.reason);
}

}  // namespace

std::string why_not_seen(const TlsSurvey& survey, std::string_view claim) {
  if (has_value(survey.behaviour, claim)) return {};
  if (is_asked_for_itself(claim) && is_not_asked_for(survey.signatures))
    return std::string{kNotAskedFor};
  if (claim != "ephemeral_key_reused")
    if (std::string why = why_no_version(survey, claim); !why.empty()) return why;
  if (claim == "encrypt_then_mac" && !offers_cbc(survey))
    return "no suite was seen that it is about (CBC)";
  if (survey.gate_mode) return "a gate asks only for what the profile forbids";
  if (claim == "ephemeral_key_reused") return "fewer than three keys of one group were seen";
  if (is_of_tls13_alone(claim)) {
    const GroupInventory* groups = survey.groups_of(ProtocolVersion::tls1_3);
    if (groups != nullptr && !groups->complete)
      return "the groups of TLS 1.3 are not complete: " + groups->incomplete_reason;
    return "no post-quantum group beside x25519 was seen";
  }
  if (claim == "sha1_signature_accepted" || claim == "signature_scheme") {
    const SchemeInventory* schemes = survey.signatures_of(ProtocolVersion::tls1_2);
    if (schemes != nullptr && !schemes->incomplete_reason.empty()) return schemes->incomplete_reason;
    return "no suite was seen that makes the server sign at TLS 1.2";
  }
  return "the hello that asks for it was not answered";
}

std::string why_open(const TlsSurvey& survey) {
  for (const VersionOffer& offer : survey.versions)
    if (offer.answer.answer == Answer::inconclusive)
      return fmt::format("{} stayed open: {}", name_of(offer.version), offer.answer.reason);
  // A gate ends where everything forbidden was asked, and --only where the
  // operator wanted it to.
  const auto incomplete = [](std::string_view what, const auto& inventories) {
    for (const auto& inventory : inventories)
      if (!inventory.complete && inventory.incomplete_reason != kOnlyForbidden &&
          inventory.incomplete_reason != kNotAskedFor)
        return fmt::format("the {} of {} are not complete: {}", what, name_of(inventory.version),
                           inventory.incomplete_reason);
    return std::string{};
  };
  std::string open = incomplete("suites", survey.suites);
  return open.empty() ? incomplete("groups", survey.groups) : open;
}

}  // namespace rta::tls
