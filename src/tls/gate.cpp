#include "tls/gate.h"

#include <algorithm>

namespace rta::tls {
namespace {

bool is_dhe(const SuiteProperties& suite) { return suite.key_exchange == KeyExchange::dhe; }

bool uses_curves(const SuiteProperties& suite) {
  return suite.key_exchange == KeyExchange::ecdhe || suite.key_exchange == KeyExchange::ecdh ||
         suite.key_exchange == KeyExchange::ecdhe_psk || suite.key_exchange == KeyExchange::cecpq1;
}

// Authenticated by something that a TLS server on the Internet has.
bool is_usual(const SuiteProperties& suite) {
  return suite.authentication == Authentication::rsa ||
         suite.authentication == Authentication::ecdsa ||
         suite.authentication == Authentication::none ||
         suite.authentication == Authentication::dss;
}

std::vector<CipherSuite> of_old_versions(bool usual) {
  std::vector<CipherSuite> suites;
  for (const CipherSuite code : suites_in_neutral_order()) {
    const SuiteProperties& suite = *find_suite(code);
    if (suite.first_version <= ProtocolVersion::tls1_1 && is_usual(suite) == usual)
      suites.push_back(code);
  }
  return suites;
}

}  // namespace

SuiteClass class_of(const SuiteProperties& suite) {
  if (suite.is_broken()) return SuiteClass::broken;
  if (!suite.has_forward_secrecy()) return SuiteClass::static_key_exchange;
  return suite.mode == CipherMode::cbc ? SuiteClass::cbc : SuiteClass::other;
}

bool is_in_use(const SuiteProperties& suite) {
  return !suite.openssl_name.empty() && is_usual(suite) &&
         suite.authentication != Authentication::dss && suite.key_exchange != KeyExchange::dh &&
         suite.key_exchange != KeyExchange::ecdh;
}

bool is_always_allowed(CipherSuite code) {
  const SuiteProperties* suite = find_suite(code);
  return suite != nullptr && suite->registered && !suite->is_broken() && suite->has_forward_secrecy() &&
         suite->is_aead() && suite->mode != CipherMode::ccm8 &&
         (suite->cipher == Cipher::aes || suite->cipher == Cipher::chacha20);
}

bool is_carrier(CipherSuite code, const GatePlan& plan) {
  return is_always_allowed(code) && find_suite(code)->key_exchange == KeyExchange::ecdhe &&
         std::ranges::count(plan.suites, code) == 0;
}

GatePlan strictest_plan() {
  GatePlan plan;
  for (const CipherSuite suite : suites_in_neutral_order())
    if (!is_always_allowed(suite)) plan.suites.push_back(suite);
  for (const GroupProperties& group : all_groups())
    if (group.is_elliptic() && (group.bits <= 224 || group.kind == GroupKind::char2))
      plan.groups.push_back(group.code);
  return plan;
}

std::vector<GateQuestion> gate_questions_tls12(const GatePlan& plan, std::size_t per_hello) {
  std::vector<CipherSuite> no_secrecy, cbc, broken_with_curves, broken, other, dhe, carriers;
  for (const CipherSuite code : plan.suites) {
    const SuiteProperties* suite = find_suite(code);
    if (suite == nullptr || suite->is_tls13()) continue;
    switch (class_of(*suite)) {
      case SuiteClass::static_key_exchange:
        no_secrecy.push_back(code);
        break;
      case SuiteClass::cbc:
        cbc.push_back(code);
        break;
      case SuiteClass::broken:
        (uses_curves(*suite) ? broken_with_curves : broken).push_back(code);
        break;
      case SuiteClass::other:
        other.push_back(code);
        break;
    }
  }
  // DHE is asked for its prime, even where the profile allows it.
  for (const CipherSuite code : suites_in_neutral_order()) {
    const SuiteProperties* suite = find_suite(code);
    const bool is_planned = std::ranges::count(plan.suites, code) > 0;
    if (!is_planned && is_dhe(*suite) && !suite->is_broken()) dhe.push_back(code);
    if (is_carrier(code, plan)) carriers.push_back(code);
  }
  std::ranges::stable_partition(cbc, [](CipherSuite code) { return is_dhe(*find_suite(code)); });
  std::ranges::stable_partition(broken,
                                [](CipherSuite code) { return is_usual(*find_suite(code)); });

  std::vector<GateQuestion> questions;
  const auto ask = [&](std::vector<CipherSuite> suites, const std::vector<CipherSuite>& more) {
    suites.insert(suites.end(), more.begin(), more.end());
    for (std::size_t from = 0; from < suites.size(); from += per_hello) {
      const auto first = suites.begin() + static_cast<std::ptrdiff_t>(from);
      const auto last =
          suites.begin() + static_cast<std::ptrdiff_t>(std::min(from + per_hello, suites.size()));
      questions.push_back({{first, last}, {}, groups_up_to_tls12()});
    }
  };
  ask(no_secrecy, {});
  ask(cbc, dhe);
  // What needs no curve may go with the forbidden groups.
  const std::size_t with_curves = broken_with_curves.size() + other.size();
  const std::size_t room = per_hello - with_curves % per_hello;
  const auto kept = static_cast<std::ptrdiff_t>(std::min(room, broken.size()));
  std::vector<CipherSuite> first(broken.begin(), broken.begin() + kept);
  first.insert(first.end(), broken_with_curves.begin(), broken_with_curves.end());
  ask(std::move(first), other);
  std::vector<CipherSuite> rest(broken.begin() + kept, broken.end());
  std::vector<NamedGroup> weak;
  for (const NamedGroup group : plan.groups)
    if (std::ranges::count(groups_up_to_tls12(), group) > 0) weak.push_back(group);
  const std::size_t before = questions.size();
  ask(std::move(rest), {});
  if (weak.empty() || carriers.empty()) return questions;
  if (questions.size() == before || questions.back().suites.size() + carriers.size() > per_hello)
    questions.emplace_back();
  questions.back().carriers = std::move(carriers);
  questions.back().groups = std::move(weak);
  return questions;
}

std::vector<CipherSuite> forbidden_at_tls13(const GatePlan& plan) {
  std::vector<CipherSuite> suites;
  for (const CipherSuite code : plan.suites)
    if (const SuiteProperties* suite = find_suite(code); suite != nullptr && suite->is_tls13())
      suites.push_back(code);
  return suites;
}

std::vector<CipherSuite> suites_of_old_versions() { return of_old_versions(true); }

std::vector<CipherSuite> rare_suites_of_old_versions() { return of_old_versions(false); }

}  // namespace rta::tls
