// Does a certificate speak for a name? RFC 9525: a dNSName for a host name,
// an iPAddress for an address, one wildcard as the whole left-most label. The
// common name never counts. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "x509/certificate.h"

namespace rta::x509 {

enum class NameMatch {
  exact,
  wildcard,
  none,             // alternative names are there, none fits
  no_usable_names,  // no dNSName and no iPAddress, or no extension at all
};

// `reference` is what a client connects to: a host name or an address.
NameMatch match_name(const Certificate& certificate, std::string_view reference);

// Clients that still fall back to the common name would accept it.
bool common_name_matches(const Certificate& certificate, std::string_view reference);

// One dNSName against one host name.
bool dns_name_matches(std::string_view presented, std::string_view host);

// 4 or 16 bytes of an address in text form; "[::1]" too.
std::optional<Bytes> parse_address(std::string_view text);
std::string address_text(ByteView address);

// A wildcard that no client accepts: "*", "*.com", "a.*.b", "*a.b.c".
bool is_bad_wildcard(std::string_view presented);
// Letters, digits and hyphens in labels of at most 63 (RFC 1123 2.1), or a wildcard.
bool is_dns_syntax(std::string_view presented);

// "DNS:redis, DNS:localhost, IP:127.0.0.1", printable, cut after `limit` names
// with the number of the others.
std::string names_text(const Certificate& certificate, std::size_t limit = 10);

}  // namespace rta::x509
