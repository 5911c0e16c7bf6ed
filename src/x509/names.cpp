#include "x509/names.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace rta::x509 {
namespace {

std::string_view without_final_dot(std::string_view name) {
  return name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
}

bool same_name(std::string_view one, std::string_view other) {
  return lower_ascii(one) == lower_ascii(other);
}

// What follows the star of a well-formed wildcard, ".corp.test".
std::optional<std::string_view> wildcard_suffix(std::string_view presented) {
  if (!presented.starts_with("*.")) return std::nullopt;
  const std::string_view suffix = presented.substr(1);
  // Two labels at least: clients refuse "*.com" (as do OpenSSL and browsers).
  if (suffix.contains('*') || suffix.find('.', 1) == std::string_view::npos) return std::nullopt;
  return suffix;
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.starts_with('-') || label.ends_with('-'))
    return false;
  return std::ranges::all_of(label, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

std::optional<Bytes> parse_address(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  const std::string copy{text};
  if (copy.contains('\0')) return std::nullopt;
  Bytes address(16);
  if (::inet_pton(AF_INET6, copy.c_str(), address.data()) == 1) return address;
  if (::inet_pton(AF_INET, copy.c_str(), address.data()) != 1) return std::nullopt;
  address.resize(4);
  return address;
}

std::string address_text(ByteView address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.size() != 4 && address.size() != 16) return "0x" + to_hex(address);
  const int family = address.size() == 4 ? AF_INET : AF_INET6;
  ::inet_ntop(family, address.data(), text.data(), static_cast<socklen_t>(text.size()));
  return text.data();
}

bool dns_name_matches(std::string_view presented, std::string_view host) {
  // A NUL once ended the comparison early in C programs: "bank.test\0.evil.test".
  if (presented.contains('\0') || host.empty()) return false;
  presented = without_final_dot(presented);
  host = without_final_dot(host);
  if (!presented.contains('*')) return !presented.empty() && same_name(presented, host);
  const std::optional<std::string_view> suffix = wildcard_suffix(presented);
  const std::size_t dot = host.find('.');
  // The star stands for exactly one label (RFC 9525 6.3).
  return suffix && dot != std::string_view::npos && dot > 0 && same_name(host.substr(dot), *suffix);
}

NameMatch match_name(const Certificate& certificate, std::string_view reference) {
  if (!certificate.alternative_names || !certificate.alternative_names->usable())
    return NameMatch::no_usable_names;
  const AlternativeNames& names = *certificate.alternative_names;
  if (const std::optional<Bytes> address = parse_address(reference)) {
    const bool found = std::ranges::find(names.addresses, *address) != names.addresses.end();
    return found ? NameMatch::exact : NameMatch::none;
  }
  NameMatch match = NameMatch::none;
  for (const std::string& name : names.dns) {
    if (!dns_name_matches(name, reference)) continue;
    if (!name.contains('*')) return NameMatch::exact;
    match = NameMatch::wildcard;
  }
  return match;
}

bool common_name_matches(const Certificate& certificate, std::string_view reference) {
  return dns_name_matches(certificate.common_name, reference);
}

bool is_bad_wildcard(std::string_view presented) {
  presented = without_final_dot(presented);
  return presented.contains('*') && !wildcard_suffix(presented);
}

bool is_dns_syntax(std::string_view presented) {
  presented = without_final_dot(presented);
  if (presented.empty() || presented.size() > 253) return false;
  if (presented.starts_with("*.")) presented.remove_prefix(2);
  return std::ranges::all_of(split(presented, '.'), is_label);
}

std::string names_text(const Certificate& certificate, std::size_t limit) {
  if (!certificate.alternative_names) return "no alternative names";
  const AlternativeNames& names = *certificate.alternative_names;
  std::vector<std::string> shown;
  const std::size_t all = names.dns.size() + names.addresses.size() + names.emails.size() +
                          names.uris.size() + names.others;
  const auto add = [&](std::string_view kind, std::string_view name) {
    if (shown.size() < limit) shown.push_back(fmt::format("{}:{}", kind, printable(name, 80)));
  };
  for (const std::string& name : names.dns) add("DNS", name);
  for (const Bytes& address : names.addresses) add("IP", address_text(address));
  for (const std::string& name : names.emails) add("email", name);
  for (const std::string& name : names.uris) add("URI", name);
  std::string text =
      shown.empty() ? "no alternative name that a client compares" : join(shown, ", ");
  if (!shown.empty() && all > shown.size()) text += fmt::format(" and {} more", all - shown.size());
  return text;
}

}  // namespace rta::x509
