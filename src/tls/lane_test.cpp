#include "tls/lane.h"

#include <doctest/doctest.h>

#include "tls/first_hello.h"
#include "tls/gate_lane.h"
#include "tls/group_lane.h"
#include "tls/refusal_confirmation.h"
#include "tls/scheme_lane.h"
#include "tls/suite_confirmation.h"
#include "tls/suite_lane.h"
#include "tls/test_server.h"

using namespace rta;
using namespace rta::tls;
using namespace rta::tls::testing;

namespace {

Offer offer_of(ProtocolVersion version) {
  Offer offer;
  offer.version = version;
  offer.suites = {0x1301, 0xC02F, 0x009C};
  offer.groups = {0x001D, 0x0017};
  return offer;
}

HandshakeAnswer answered(const Server& server, const Offer& offer) {
  HandshakeProbe probe{offer};
  const Bytes answer = server.answer(probe.start());
  if (answer.empty() || !probe.on_bytes(answer).finished) probe.on_end(ConnectionEnd::closed, "");
  return probe.answer();
}

using Make = std::function<std::unique_ptr<Lane>(Learnt&, ProtocolVersion)>;

const GatePlan kPlan = strictest_plan();
const std::optional<Offer> kControl = offer_of(ProtocolVersion::tls1_2);

// Every kind of lane that is told when its endpoint stopped answering.
const std::vector<Make> kLanes{
    [](Learnt& learnt, ProtocolVersion version) {
      return std::make_unique<SuiteLane>(learnt, offer_of(version), suites_in_neutral_order(), 6);
    },
    [](Learnt& learnt, ProtocolVersion version) {
      return std::make_unique<GroupLane>(learnt, offer_of(version), groups_of_tls13(), 6);
    },
    [](Learnt& learnt, ProtocolVersion) {
      return std::make_unique<SchemeLane12>(learnt, offer_of(ProtocolVersion::tls1_2), 6);
    },
    [](Learnt& learnt, ProtocolVersion) {
      return std::make_unique<SchemeLane13>(learnt, offer_of(ProtocolVersion::tls1_3), 6);
    },
    [](Learnt& learnt, ProtocolVersion) {
      return std::make_unique<PostQuantumLane>(learnt, offer_of(ProtocolVersion::tls1_3), 1);
    },
    [](Learnt& learnt, ProtocolVersion version) {
      Refusal refusal;
      refusal.offers = {offer_of(version), offer_of(version)};
      refusal.thorough = true;
      refusal.withdraw = [](const Offer&, const HandshakeAnswer&) {
        return std::vector<std::unique_ptr<Lane>>{};
      };
      refusal.leave_open = [](const std::string&) {};
      return std::make_unique<RefusalConfirmation>(learnt, kControl, refusal);
    },
    [](Learnt& learnt, ProtocolVersion version) {
      OfferAnswer proof;
      proof.answer = Answer::not_supported;
      proof.alert = alerts::kHandshakeFailure;
      SuiteInventory& inventory = learnt.suites(version);
      inventory.accepted = {{0xC02F, {}}, {0x009C, {}}};
      inventory.refused = {{ranges_of({0x0005, 0x000A}), proof}};
      return std::make_unique<SuiteConfirmation>(learnt, offer_of(version), kControl,
                                                 [](const std::string&) {});
    },
    [](Learnt& learnt, ProtocolVersion version) {
      return std::make_unique<GateSuiteLane>(learnt, offer_of(version),
                                             gate_questions_tls12(kPlan, 100).front(), kPlan);
    },
    [](Learnt& learnt, ProtocolVersion) {
      return std::make_unique<GateGroupLane>(learnt, offer_of(ProtocolVersion::tls1_3),
                                             kPlan.groups, true);
    },
    [](Learnt& learnt, ProtocolVersion) {
      return std::make_unique<OldVersionsLane>(learnt, offer_of, true);
    },
    [](Learnt& learnt, ProtocolVersion) {
      return std::make_unique<Ssl2Lane>(learnt, offer_of(ProtocolVersion::ssl2));
    },
};

}  // namespace

TEST_CASE("a lane that is doubted while an answer is under way takes that answer all the same") {
  Server accepting = modern();
  accepting.suites[ProtocolVersion::tls1_1] = {0x009C};
  Server refusing;
  Server closing;
  closing.closes_instead_of_alert = true;
  for (std::size_t kind = 0; kind < kLanes.size(); ++kind)
    for (const ProtocolVersion version : {ProtocolVersion::tls1_2, ProtocolVersion::tls1_3})
      for (int before = 0; before < 4; ++before)
        for (const Server* late : {&accepting, &refusing, &closing}) {
          INFO("lane ", kind, ", after ", before, " answers");
          Learnt learnt;
          const std::unique_ptr<Lane> lane = kLanes[kind](learnt, version);
          const auto next_answer = [&](const Server& server) {
            const std::optional<Offer> offer = lane->next();
            if (!offer) return false;
            lane->learn(answered(server, *offer));
            return true;
          };
          for (int i = 0; i < before; ++i) next_answer(i % 2 == 0 ? accepting : refusing);
          const std::optional<Offer> asked = lane->next();
          lane->doubt("the endpoint is away");
          if (asked) lane->learn(answered(*late, *asked));
          lane->doubt("the endpoint is away");
          int more = 0;
          while (more < 2'000 && next_answer(refusing)) ++more;
          CHECK(more < 2'000);
        }
}
