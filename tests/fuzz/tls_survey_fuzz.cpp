// A whole survey against a server that does as the bytes say. Each connection
// takes an operation: a ServerHello that chooses one of the suites and groups
// offered, an alert, an end of the connection, or raw bytes. Behind the last
// byte everything is refused: a server that took every suite would cost
// thousands of connections an input. The last byte says what kind of survey it is,
// and in which order hellos that are asked side by side are answered.
#include <redis_tls_audit/assert.h>

#include <algorithm>
#include <array>
#include <deque>
#include <set>

#include "tls/endpoint_survey.h"
#include "tls/first_hello.h"
#include "tls/test_messages.h"

using namespace rta;
using namespace rta::tls::testing;

namespace {

// More than every suite at every version, with all controls.
constexpr int kMostConnections = 20'000;

class Script {
 public:
  Script(const std::uint8_t* data, std::size_t size) : left_(data, size) {}
  std::uint8_t byte() {
    if (left_.empty()) return 0;
    const std::uint8_t value = left_.front();
    left_ = left_.subspan(1);
    return value;
  }
  ByteView bytes(std::size_t size) {
    const ByteView taken = left_.first(std::min(size, left_.size()));
    left_ = left_.subspan(taken.size());
    return taken;
  }
  [[nodiscard]] bool over() const { return left_.empty(); }

 private:
  ByteView left_;
};

template <class T>
T pick(const std::vector<T>& list, std::uint8_t which, T otherwise) {
  return list.empty() ? otherwise : list[which % list.size()];
}

Bytes chosen(const tls::Offer& offer, Script& script) {
  const auto suite = pick(offer.suites, script.byte(), CipherSuite{0xC02F});
  const auto group = pick(offer.groups, script.byte(), NamedGroup{0x001D});
  if (offer.version == ProtocolVersion::ssl2) return ssl2_server_hello({0x010080, 0x0700C0});
  if (offer.version == ProtocolVersion::tls1_3)
    return in_record(handshake(2, hello_retry_body(suite, group)));
  HelloSpec spec{.version = static_cast<std::uint16_t>(offer.version), .suite = suite};
  Bytes flight = in_record(handshake(2, server_hello_body(spec)));
  for (const Bytes& message : {handshake(12, ecdhe_body(group, 0x0403)), handshake(14, {})}) {
    const Bytes record = in_record(message);
    flight.insert(flight.end(), record.begin(), record.end());
  }
  return flight;
}

ConnectionEnd end_of(std::uint8_t which) {
  constexpr std::array kEnds{ConnectionEnd::closed,      ConnectionEnd::reset,
                             ConnectionEnd::timed_out,   ConnectionEnd::refused,
                             ConnectionEnd::unreachable, ConnectionEnd::too_much};
  return kEnds[which % kEnds.size()];
}

void answer(Probe& probe, const tls::Offer& offer, Script& script) {
  constexpr std::uint8_t kRefuse = 3;
  Bytes sent;
  switch (script.over() ? kRefuse : script.byte() % 8) {
    case 0:
    case 1:
    case 2:
      sent = chosen(offer, script);
      break;
    case kRefuse:
    case 4:
      sent = alert_record(40);
      break;
    case 5:
      sent = alert_record(script.byte());
      break;
    case 6: {
      const ByteView raw = script.bytes(script.byte());
      sent.assign(raw.begin(), raw.end());
      break;
    }
    default:
      break;
  }
  if (!sent.empty() && probe.on_bytes(sent).finished) return;
  probe.on_end(end_of(script.byte()), "");
}

// A gate with several lanes holds its last hello back until the others are answered.
std::deque<std::unique_ptr<Probe>>::iterator next_to_answer(
    std::deque<std::unique_ptr<Probe>>& asked, bool latest_first) {
  const auto may = [](const std::unique_ptr<Probe>& probe) { return probe->may_start(); };
  auto found = std::ranges::find_if(asked, may);
  RTA_ASSERT(found != asked.end());
  if (!latest_first) return found;
  while (!may(asked.back())) {
    asked.push_front(std::move(asked.back()));
    asked.pop_back();
  }
  return std::prev(asked.end());
}

tls::SurveyOptions options_of(std::uint8_t kind) {
  tls::SurveyOptions options;
  if ((kind & 1U) != 0) options.side_by_side = 6;
  if ((kind & 4U) != 0) options.gate = tls::strictest_plan();
  if (options.gate) options.gate->enumerate = (kind & 8U) != 0;
  options.parts.behaviour = (kind & 16U) == 0;
  options.parts.groups = (kind & 32U) == 0;
  return options;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 16 * 1024) return 0;
  const std::uint8_t kind = data[size - 1];
  Script script{data, size - 1};
  tls::SurveyOptions options = options_of(kind);
  if ((kind & 2U) != 0) {
    tls::HandshakeProbe classified{tls::first_hello("")};
    answer(classified, classified.offer(), script);
    options.first_answer = classified.answer();
  }
  tls::EndpointSurvey survey{options};
  const std::size_t at_once = (kind & 1U) != 0 ? 32 : 1;
  std::deque<std::unique_ptr<Probe>> asked;
  int connections = 0;
  for (;;) {
    while (asked.size() < at_once) {
      std::unique_ptr<Probe> probe = survey.next();
      if (!probe) break;
      RTA_ASSERT(++connections <= kMostConnections);
      asked.push_back(std::move(probe));
    }
    if (asked.empty()) break;
    const auto place = next_to_answer(asked, (kind & 64U) != 0);
    std::unique_ptr<Probe> probe = std::move(*place);
    asked.erase(place);
    const auto& handshake = dynamic_cast<const tls::HandshakeProbe&>(*probe);
    probe->start();
    answer(*probe, handshake.offer(), script);
    survey.learn(std::move(probe));
  }
  RTA_ASSERT(survey.finished());
  const TlsSurvey result = survey.result();
  RTA_ASSERT(result.versions.size() == 6);
  for (const SuiteInventory& inventory : result.suites) {
    std::set<CipherSuite> seen;
    for (const AcceptedSuite& suite : inventory.accepted)
      RTA_ASSERT(seen.insert(suite.suite).second);
  }
  return 0;
}
