#include "checks/common/gate_plan.h"

#include "checks/common/tls_view.h"

namespace rta::checks {

tls::GatePlan gate_plan(const Policy& policy) {
  tls::GatePlan plan;
  for (const CipherSuite code : tls::suites_in_neutral_order()) {
    const tls::SuiteProperties& suite = *tls::find_suite(code);
    const bool disliked_dhe =
        suite.key_exchange == tls::KeyExchange::dhe && policy.key_exchange.dhe != Verdict::pass;
    if (verdict_of_suite(suite, policy) != Verdict::pass || disliked_dhe)
      plan.suites.push_back(code);
  }
  for (const tls::GroupProperties& group : tls::all_groups())
    if (group.kind != tls::GroupKind::explicit_curve &&
        verdict_of_group(group, policy.key_exchange) != Verdict::pass)
      plan.groups.push_back(group.code);
  return plan;
}

}  // namespace rta::checks
