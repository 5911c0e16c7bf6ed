#include "tls/server_key_exchange.h"

#include <bit>

#include "tls/code_points.h"

namespace rta::tls {
namespace {

Bytes copy(ByteView view) { return {view.begin(), view.end()}; }

void read_finite_field(ByteReader& in, ServerKeyExchange& exchange) {
  exchange.prime = copy(in.block16().rest());
  exchange.generator = copy(in.block16().rest());
  exchange.public_value = copy(in.block16().rest());
}

void read_elliptic(ByteReader& in, ServerKeyExchange& exchange) {
  constexpr std::uint8_t kNamedCurve = 3;  // RFC 8422 5.4
  if (in.u8() != kNamedCurve) {
    exchange.explicit_curve = true;
    return;
  }
  exchange.group = in.u16();
  exchange.public_value = copy(in.block8().rest());
}

}  // namespace

Result<ServerKeyExchange> parse_server_key_exchange(ByteView body, CipherSuite suite,
                                                    std::uint16_t version) {
  const SuiteProperties* properties = find_suite(suite);
  if (properties == nullptr) return Error{"ServerKeyExchange of an unknown suite", "", ""};
  ByteReader in{body};
  ServerKeyExchange exchange;
  switch (properties->key_exchange) {
    case KeyExchange::dhe:
      read_finite_field(in, exchange);
      break;
    case KeyExchange::ecdhe:
      read_elliptic(in, exchange);
      break;
    case KeyExchange::dhe_psk:
      in.block16();
      read_finite_field(in, exchange);
      break;
    case KeyExchange::ecdhe_psk:
      in.block16();
      read_elliptic(in, exchange);
      break;
    case KeyExchange::any:
    case KeyExchange::rsa:
    case KeyExchange::dh:
    case KeyExchange::ecdh:
    case KeyExchange::psk:
    case KeyExchange::rsa_psk:
    case KeyExchange::krb5:
    case KeyExchange::srp:
    case KeyExchange::eccpwd:
    case KeyExchange::gost:
    case KeyExchange::fortezza:
    case KeyExchange::cecpq1:
      return Error{"a ServerKeyExchange that this key exchange has no use for", "", ""};
  }
  if (!in.ok()) return Error{"the ServerKeyExchange is cut off", "", ""};
  if (exchange.explicit_curve || !properties->makes_server_sign()) return exchange;
  if (version >= static_cast<std::uint16_t>(ProtocolVersion::tls1_2)) exchange.scheme = in.u16();
  in.block16();
  if (!in.done()) return Error{"the ServerKeyExchange's signature has the wrong length", "", ""};
  return exchange;
}

int bit_length(ByteView number) {
  while (!number.empty() && number.front() == 0) number = number.subspan(1);
  if (number.empty()) return 0;
  return static_cast<int>((number.size() - 1) * 8) + std::bit_width(number.front());
}

}  // namespace rta::tls
