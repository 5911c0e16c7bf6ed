// Lane is one line of questions to an endpoint, each following from the last
// answer: "which suites at TLS 1.2?". Lanes know nothing of connections;
// answers come to them settled (see inquiry.h). Several lanes run side by side
// and write what they learn into one Learnt.
#pragma once

#include <redis_tls_audit/limits.h>

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tls/handshake_probe.h"

namespace rta::tls {

// What the lanes of one survey learn together.
struct Learnt {
  TlsSurvey survey;
  std::vector<HandshakeAnswer> flights;  // answered hellos, for behaviour
  // A hello that the endpoint accepts was turned away, or a refusal was none:
  // from then on a refusal is believed after several askings only.
  bool trouble = false;
  // A gate asks once; what it was told of one version does not fit together.
  bool answers_differ = false;
  // A gate asked for the forbidden groups of TLS 1.2 beside a suite that is accepted.
  bool weak_groups_asked = false;
  // Suites in a hello, one place kept for the signalling value of RFC 5746. Fewer
  // where the endpoint was seen to mind hellos that others digest.
  std::size_t per_hello = limits::kSuitesPerHello - 1;
  // Versions of which this endpoint accepts hellos with few extensions alone.
  std::set<ProtocolVersion> minds_extensions;
  // What proved to be a refusal of a version, three times between good hellos: it
  // need not prove that again.
  std::map<ProtocolVersion, Offer::KnownRefusal> known_refusals;
  // Nothing but hellos of fewer than 256 bytes was accepted.
  bool short_hellos = false;
  // Hellos of 256 to 511 bytes are filled up to more: some do not digest them.
  bool pads_hellos = false;
  // Versions at which this endpoint does not digest a hello of all suites.
  std::set<ProtocolVersion> short_lists;
  // The hello whose answer was the usual choice: what that was preferred to.
  std::map<ProtocolVersion, std::vector<CipherSuite>> offered_with_chosen;
  // All that was to be asked for: none of it may be open in a complete inventory,
  // whichever lane comes to its end last.
  std::map<ProtocolVersion, std::vector<CipherSuite>> suites_to_decide;
  std::map<ProtocolVersion, std::vector<NamedGroup>> groups_to_decide;
  std::map<ProtocolVersion, std::vector<NamedGroup>> offered_with_preferred;
  // Groups that stood in front of the one that was chosen, where the client's order
  // counts: proven to be refused without any refusal being believed.
  std::map<ProtocolVersion, std::set<NamedGroup>> passed_over;
  // Versions whose suites are all found or refused, but for some that the server
  // has to sign for and that have a hello of their own under way.
  std::set<ProtocolVersion> searched;

  [[nodiscard]] std::optional<Offer::KnownRefusal> known_refusal(ProtocolVersion version) const;
  [[nodiscard]] bool speaks(ProtocolVersion version) const;
  // Suites accepted at this version, in the order in which they were found.
  [[nodiscard]] std::vector<CipherSuite> accepted(ProtocolVersion version) const;
  [[nodiscard]] std::vector<NamedGroup> accepted_groups(ProtocolVersion version) const;
  // The highest version up to TLS 1.2 that is spoken.
  [[nodiscard]] std::optional<ProtocolVersion> highest_up_to_tls12() const;
  void set_version(ProtocolVersion version, const OfferAnswer& answer);
  // The bytes that prove a claim of TlsBehaviour; the last word counts.
  void prove(std::string_view claim, const OfferAnswer& answer);
  SuiteInventory& suites(ProtocolVersion version);  // made when it is not there yet
  GroupInventory& groups(ProtocolVersion version);
  SchemeInventory& signatures(ProtocolVersion version);
};

class Lane {
 public:
  virtual ~Lane() = default;
  // The next offer, or nothing when the lane's question is answered.
  virtual std::optional<Offer> next() = 0;
  virtual void learn(const HandshakeAnswer& answer) = 0;
  // The endpoint stopped answering after this lane's last refusal: what was
  // not accepted is open again. An answer may be under way, and be learnt after it.
  virtual void doubt(const std::string& why) = 0;
  // Lanes that share this one's question from now on; asked after learn().
  virtual std::vector<std::unique_ptr<Lane>> helpers() { return {}; }
  // Back-off before next().
  [[nodiscard]] virtual std::chrono::milliseconds pause() const { return {}; }
};

// One offer, one answer.
class SingleLane : public Lane {
 public:
  using Learn = std::function<void(const HandshakeAnswer&)>;
  SingleLane(Offer offer, Learn learn, Learn doubt = {})
      : SingleLane([offer = std::move(offer)] { return offer; }, std::move(learn),
                   std::move(doubt)) {}
  // `make` is called each time that the offer is wanted, and knows what was learnt.
  SingleLane(std::function<Offer()> make, Learn learn, Learn doubt = {})
      : make_(std::move(make)), learn_(std::move(learn)), doubt_(std::move(doubt)) {}
  std::optional<Offer> next() override;
  void learn(const HandshakeAnswer& answer) override;
  void doubt(const std::string& why) override;

 private:
  std::function<Offer()> make_;
  Learn learn_;
  Learn doubt_;  // called with an inconclusive answer; absent = learn_
  bool done_ = false;
};

// The codes as sorted ranges, and back.
std::vector<CodeRange> ranges_of(std::vector<std::uint16_t> codes);
std::vector<std::uint16_t> codes_of(const std::vector<RefusedOffer>& refused);

// Deals codes to so many lists in turn, so that each has some of every strength.
std::vector<std::vector<std::uint16_t>> dealt(const std::vector<std::uint16_t>& codes,
                                              std::size_t lists);

// Where hellos were asked again, one code may be found twice.
void keep(std::vector<AcceptedSuite>& found, CipherSuite suite, OfferAnswer proof);
void keep(std::vector<AcceptedGroup>& found, NamedGroup group, OfferAnswer proof);

OfferAnswer inconclusive(std::string why);

// Why an inventory is not complete that nothing has ended yet.
inline constexpr std::string_view kEndedEarly = "the survey ended early";

}  // namespace rta::tls
