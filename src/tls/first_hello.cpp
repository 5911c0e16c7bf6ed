#include "tls/first_hello.h"

#include <algorithm>

#include "tls/code_points.h"
#include "tls/gate.h"

namespace rta::tls {
namespace {

constexpr std::size_t kLongestName = 200;  // so that there is room for padding
constexpr std::size_t kLongestShortName = 48;
constexpr std::size_t kGroups = 12;
constexpr std::size_t kGoodSuites = 40;
constexpr std::size_t kFewGoodSuites = 8;  // beside a name longer than this
constexpr std::size_t kLongName = 136;
constexpr std::array<CipherSuite, 7> kCommonLegacy{0x009D, 0x009C, 0xC014, 0xC013,
                                                   0x0035, 0x002F, 0x000A};

}  // namespace

Offer first_hello(std::string server_name) {
  Offer offer;
  offer.version = ProtocolVersion::tls1_3;
  offer.also_tls12 = true;
  if (server_name.size() <= kLongestName) offer.server_name = std::move(server_name);
  const std::size_t good = offer.server_name.size() > kLongName ? kFewGoodSuites : kGoodSuites;
  offer.groups = groups_of_tls13();
  offer.groups.resize(kGroups);
  for (const SuiteProperties& suite : all_suites())
    if (suite.is_tls13() && is_always_allowed(suite.code)) offer.suites.push_back(suite.code);
  for (const CipherSuite suite : suites_in_neutral_order())
    if (offer.suites.size() < good && !find_suite(suite)->is_tls13()) offer.suites.push_back(suite);
  offer.suites.insert(offer.suites.end(), kCommonLegacy.begin(), kCommonLegacy.end());
  offer.record_length = kNewlineRecordLength;
  return offer;
}

Offer first_hello_of_tls12(std::string server_name) {
  Offer offer = first_hello(std::move(server_name));
  offer.version = ProtocolVersion::tls1_2;
  offer.also_tls12 = false;
  std::erase_if(offer.suites, [](CipherSuite suite) { return find_suite(suite)->is_tls13(); });
  offer.groups = groups_up_to_tls12();
  return offer;
}

Offer short_hello(std::string server_name, ProtocolVersion version) {
  constexpr std::size_t kUsualGroups = 5;
  Offer offer;
  offer.version = version;
  offer.plain = true;
  if (server_name.size() <= kLongestShortName) offer.server_name = std::move(server_name);
  offer.groups = groups_up_to_tls12();
  offer.groups.resize(kUsualGroups);
  offer.suites = {0xC030, 0xC02F, 0xC02C, 0xC02B, 0xC014, 0xC013,
                  0x009D, 0x009C, 0x0039, 0x0035, 0x002F, 0x000A};
  return offer;
}

}  // namespace rta::tls
