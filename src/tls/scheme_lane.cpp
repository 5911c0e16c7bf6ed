#include "tls/scheme_lane.h"

#include <algorithm>
#include <array>
#include <utility>

#include "tls/code_points.h"

namespace rta::tls {
namespace {

bool is_rsa_pkcs1_or_legacy(const SignatureProperties& row) {
  return row.algorithm == SignatureAlgorithm::rsa || row.algorithm == SignatureAlgorithm::dsa ||
         row.hash == HashAlgorithm::sha1 || row.hash == HashAlgorithm::sha224;
}

// Schemes that servers have together: one hello for each family that is absent.
std::deque<std::vector<SignatureScheme>> families() {
  std::vector<SignatureScheme> ecdsa, pss_rsae, pss_pss, eddsa, legacy, other;
  for (const SignatureProperties& row : all_signatures()) {
    if (is_rsa_pkcs1_or_legacy(row))
      legacy.push_back(row.code);  // RFC 8446 4.2.3: certificates only
    else if (row.code >= 0x0804 && row.code <= 0x0806)
      pss_rsae.push_back(row.code);
    else if (row.code >= 0x0809 && row.code <= 0x080B)
      pss_pss.push_back(row.code);
    else if (row.algorithm == SignatureAlgorithm::eddsa)
      eddsa.push_back(row.code);
    else if (row.algorithm == SignatureAlgorithm::ecdsa && row.code < 0x0700)
      ecdsa.push_back(row.code);
    else
      other.push_back(row.code);
  }
  other.insert(other.end(), legacy.begin(), legacy.end());
  return {ecdsa, pss_rsae, pss_pss, eddsa, other};
}

// The usual ones, each alone, and all others together.
std::deque<std::vector<SignatureScheme>> usual_alone() {
  constexpr std::array<SignatureScheme, 8> kUsual{0x0804, 0x0805, 0x0806, 0x0403,
                                                  0x0503, 0x0603, 0x0807, 0x0808};
  std::deque<std::vector<SignatureScheme>> parts;
  for (const SignatureScheme scheme : kUsual) parts.push_back({scheme});
  std::vector<SignatureScheme> others;
  for (const SignatureProperties& row : all_signatures())
    if (std::ranges::count(kUsual, row.code) == 0) others.push_back(row.code);
  parts.push_back(std::move(others));
  return parts;
}

}  // namespace

SchemeLane12::SchemeLane12(Learnt& learnt, Offer base, std::size_t side_by_side)
    : version_(std::make_shared<Version>(Version{learnt, std::move(base), side_by_side})),
      remaining_(schemes_in_neutral_order()) {
  version_->base.asks_by_extension = true;
  learnt.signatures(ProtocolVersion::tls1_2).incomplete_reason = kEndedEarly;
}

std::optional<Offer> SchemeLane12::next() {
  if (done_ || remaining_.empty()) return std::nullopt;
  Offer offer = version_->base;
  offer.signatures = remaining_;
  return offer;
}

void SchemeLane12::learn(const HandshakeAnswer& answer) {
  SchemeInventory& inventory = version_->learnt.signatures(ProtocolVersion::tls1_2);
  if (answer.is(Answer::not_supported) || (answer.is(Answer::supported) && answer.broken_off)) {
    // Chosen and then broken off: it found no scheme to sign with.
    inventory.refused.push_back({ranges_of(remaining_), answer.outcome});
    finish({});
    return;
  }
  if (!answer.is(Answer::supported)) {
    finish(answer.outcome.reason);
    return;
  }
  version_->learnt.flights.push_back(answer);
  const auto scheme = answer.exchange ? answer.exchange->scheme : std::nullopt;
  if (!scheme) {
    finish("the server's signature was not seen");
  } else if (std::erase(remaining_, *scheme) == 0) {
    finish("the server signs with " + signature_name(*scheme) + ", which was not offered");
  } else {
    inventory.accepted.push_back({*scheme, answer.outcome});
    if (remaining_.empty()) finish({});
    deal();
  }
}

// After the first answer, which shows that the server tells what it signs with.
void SchemeLane12::deal() {
  constexpr std::size_t kMostHands = 4;
  const std::size_t hands = std::min(std::exchange(version_->side_by_side, 1), kMostHands);
  if (done_ || hands == 1) return;
  version_->dealt = true;
  std::vector<std::vector<SignatureScheme>> lists = dealt(remaining_, hands);
  remaining_ = std::move(lists.front());
  for (std::size_t i = 1; i < lists.size(); ++i) {
    ++version_->lanes;
    helpers_.push_back(std::unique_ptr<Lane>{new SchemeLane12{version_, std::move(lists[i])}});
  }
}

void SchemeLane12::finish(std::string incomplete) {
  if (std::exchange(done_, true)) return;
  if (version_->incomplete.empty()) version_->incomplete = std::move(incomplete);
  if (--version_->lanes > 0) return;
  SchemeInventory& inventory = version_->learnt.signatures(ProtocolVersion::tls1_2);
  inventory.complete = version_->incomplete.empty();
  inventory.incomplete_reason = version_->incomplete;
  if (version_->dealt) std::ranges::sort(inventory.accepted, {}, &AcceptedScheme::scheme);
}

void SchemeLane12::doubt(const std::string& why) {
  SchemeInventory& inventory = version_->learnt.signatures(ProtocolVersion::tls1_2);
  inventory.refused.clear();
  inventory.complete = false;
  inventory.incomplete_reason = version_->incomplete = why;
}

SchemeLane13::SchemeLane13(Learnt& learnt, Offer base, std::size_t side_by_side)
    : version_(std::make_shared<Version>(Version{learnt, std::move(base), side_by_side})),
      parts_(side_by_side > 1 ? usual_alone() : families()) {
  version_->base.asks_by_extension = true;
  learnt.signatures(ProtocolVersion::tls1_3).incomplete_reason = kEndedEarly;
}

std::optional<Offer> SchemeLane13::next() {
  if (parts_.empty() || version_->given_up) return std::nullopt;
  Offer offer = version_->base;
  offer.signatures =
      version_->asked_nonsense ? parts_.front() : std::vector<SignatureScheme>{kNobodysScheme};
  return offer;
}

void SchemeLane13::learn(const HandshakeAnswer& answer) {
  if (parts_.empty()) return;  // doubted while the answer was under way
  SchemeInventory& inventory = version_->learnt.signatures(ProtocolVersion::tls1_3);
  const bool definite = answer.is(Answer::supported) || answer.is(Answer::not_supported);
  if (!definite) {
    give_up(answer.outcome.reason);
    return;
  }
  if (!std::exchange(version_->asked_nonsense, true)) {
    if (answer.is(Answer::supported))
      give_up(std::string{kAnswersAnyScheme});
    else
      share_out();
    return;
  }
  const std::vector<SignatureScheme> part = std::move(parts_.front());
  parts_.pop_front();
  if (answer.is(Answer::not_supported)) {
    inventory.refused.push_back({ranges_of(part), answer.outcome});
  } else if (part.size() == 1) {
    inventory.accepted.push_back({part.front(), answer.outcome});
  } else {
    const auto middle = part.begin() + static_cast<std::ptrdiff_t>((part.size() + 1) / 2);
    parts_.emplace_front(middle, part.end());
    parts_.emplace_front(part.begin(), middle);
    share_out();
  }
  if (!parts_.empty() || --version_->lanes > 0 || version_->given_up) return;
  inventory.complete = true;
  inventory.incomplete_reason.clear();
  std::ranges::sort(inventory.accepted, {}, &AcceptedScheme::scheme);
}

// Where there is a hurry, all parts but the first go to lanes of their own.
void SchemeLane13::share_out() {
  if (version_->side_by_side == 1) return;
  for (; parts_.size() > 1; parts_.pop_back()) {
    ++version_->lanes;
    helpers_.push_back(
        std::unique_ptr<Lane>{new SchemeLane13{version_, std::move(parts_.back())}});
  }
}

void SchemeLane13::give_up(std::string why) {
  parts_.clear();
  version_->given_up = true;
  SchemeInventory& inventory = version_->learnt.signatures(ProtocolVersion::tls1_3);
  inventory.complete = false;
  inventory.incomplete_reason = std::move(why);
}

void SchemeLane13::doubt(const std::string& why) {
  version_->learnt.signatures(ProtocolVersion::tls1_3).refused.clear();
  give_up(why);
}

std::optional<bool> accepts_sha1(const SchemeInventory& schemes) {
  const bool found = std::ranges::any_of(schemes.accepted, [](const AcceptedScheme& accepted) {
    const SignatureProperties* row = find_signature(accepted.scheme);
    return row != nullptr && (row->hash == HashAlgorithm::sha1 || row->hash == HashAlgorithm::md5);
  });
  if (found) return true;
  if (schemes.complete) return false;
  return std::nullopt;
}

}  // namespace rta::tls
