#include "x509/certificate.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/objects.h>

#include <algorithm>
#include <array>

#include "base/digest.h"
#include "base/text.h"
#include "x509/extensions.h"
#include "x509/openssl.h"

namespace rta::x509 {
namespace {

// A name with more text than this is shown cut.
constexpr std::size_t kShownName = 300;

std::string name_text(const X509_NAME* name) {
  const BioHandle memory{BIO_new(BIO_s_mem())};
  if (!memory ||
      X509_NAME_print_ex(memory.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0)
    return "(unreadable name)";
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return printable({data, static_cast<std::size_t>(size)}, kShownName);
}

std::string object_name(const ASN1_OBJECT* object) {
  const int nid = OBJ_obj2nid(object);
  if (nid != NID_undef) return OBJ_nid2sn(nid);
  std::array<char, 128> text{};
  OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
  return text.data();
}

std::vector<std::pair<std::string, std::string>> name_parts(const X509_NAME* name) {
  std::vector<std::pair<std::string, std::string>> parts;
  for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
    unsigned char* text = nullptr;
    const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));
    std::string value;
    if (size > 0) value.assign(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
    OPENSSL_free(text);
    parts.emplace_back(object_name(X509_NAME_ENTRY_get_object(entry)), std::move(value));
  }
  return parts;
}

void read_names(X509* x509, Certificate& certificate) {
  certificate.subject = name_text(X509_get_subject_name(x509));
  certificate.issuer = name_text(X509_get_issuer_name(x509));
  certificate.subject_parts = name_parts(X509_get_subject_name(x509));
  certificate.issuer_parts = name_parts(X509_get_issuer_name(x509));
  for (const auto& [type, value] : certificate.subject_parts)
    if (type == "CN") certificate.common_name = value;
  certificate.name_contains_nul = certificate.common_name.contains('\0');
  certificate.self_issued =
      X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) == 0;
  certificate.self_signed = certificate.self_issued && X509_self_signed(x509, 1) == 1;
}

void read_serial(X509* x509, Certificate& certificate) {
  const ASN1_INTEGER* serial = X509_get0_serialNumber(x509);
  const BignumHandle number{ASN1_INTEGER_to_BN(serial, nullptr)};
  if (!number) return;
  char* hex = BN_bn2hex(number.get());
  if (hex != nullptr) certificate.serial = lower_ascii(hex);
  OPENSSL_free(hex);
  certificate.serial_bits = BN_num_bits(number.get());
  certificate.serial_is_positive =
      BN_is_negative(number.get()) == 0 && BN_is_zero(number.get()) == 0;
  const int encoded = i2d_ASN1_INTEGER(serial, nullptr);
  // Serials are short: tag and length take two bytes up to 127 octets.
  if (encoded > 2) certificate.serial_octets = static_cast<std::size_t>(encoded) - 2;
}

std::optional<Timestamp> read_time(const ASN1_TIME* time) {
  const int size = ASN1_STRING_length(time);
  const auto* data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(time));
  return parse_asn1_time({data, static_cast<std::size_t>(std::max(size, 0))},
                         ASN1_STRING_type(time) == V_ASN1_GENERALIZEDTIME);
}

void read_validity(X509* x509, Certificate& certificate) {
  const std::optional<Timestamp> from = read_time(X509_get0_notBefore(x509));
  const std::optional<Timestamp> until = read_time(X509_get0_notAfter(x509));
  certificate.dates_are_readable = from && until;
  if (from) certificate.not_before = *from;
  if (until) certificate.not_after = *until;
}

void read_signature(X509* x509, Certificate& certificate) {
  const int algorithm = X509_get_signature_nid(x509);
  const X509_ALGOR* identifier = X509_get0_tbs_sigalg(x509);
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, identifier);
  certificate.signature_algorithm =
      algorithm == NID_undef ? object_name(object) : OBJ_nid2ln(algorithm);
  int digest = NID_undef;
  int bits = 0;
  // Knows where RSA-PSS hides its digest (RFC 4055).
  if (X509_get_signature_info(x509, &digest, nullptr, &bits, nullptr) == 1 && digest != NID_undef)
    certificate.signature_digest = OBJ_nid2sn(digest);
  else if (OBJ_find_sigid_algs(algorithm, &digest, nullptr) == 1 && digest != NID_undef)
    certificate.signature_digest = OBJ_nid2sn(digest);
}

void read_rsa(EVP_PKEY* key, PublicKey& facts) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &number) == 1) {
    facts.rsa_modulus.resize(static_cast<std::size_t>(BN_num_bytes(number)));
    BN_bn2bin(number, facts.rsa_modulus.data());
  }
  BN_free(number);
  number = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &number) == 1 &&
      BN_num_bits(number) <= 64) {
    Bytes exponent(8);
    BN_bn2binpad(number, exponent.data(), 8);
    std::uint64_t value = 0;
    for (const std::uint8_t byte : exponent) value = value << 8U | byte;
    facts.rsa_exponent = value;
  }
  BN_free(number);
}

void read_curve(EVP_PKEY* key, PublicKey& facts) {
  std::array<char, 80> name{};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) == 1) {
    const char* nist = EC_curve_nid2nist(OBJ_txt2nid(name.data()));
    facts.curve = nist != nullptr ? nist : name.data();
  }
  int is_explicit = 0;
  if (EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &is_explicit) ==
      1)
    facts.explicit_parameters = is_explicit != 0;
}

void read_key(X509* x509, Certificate& certificate) {
  PublicKey& facts = certificate.key;
  unsigned char* spki = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &spki);
  if (size > 0)
    certificate.spki_sha256 = sha256_hex(ByteView{spki, static_cast<std::size_t>(size)});
  OPENSSL_free(spki);

  EVP_PKEY* key = X509_get0_pubkey(x509);
  if (key == nullptr) {
    ASN1_OBJECT* algorithm = nullptr;
    X509_PUBKEY_get0_param(&algorithm, nullptr, nullptr, nullptr, X509_get_X509_PUBKEY(x509));
    facts.type = object_name(algorithm);
    return;
  }
  const char* type = EVP_PKEY_get0_type_name(key);
  facts.type = type == nullptr ? "unknown" : type;
  facts.bits = EVP_PKEY_get_bits(key);
  if (facts.type.starts_with("RSA")) read_rsa(key, facts);
  if (facts.type == "EC") read_curve(key, facts);
}

}  // namespace

bool Certificate::has_extended_use(std::string_view use) const {
  return extended_key_usage &&
         std::ranges::find(*extended_key_usage, use) != extended_key_usage->end();
}

std::optional<Timestamp> parse_asn1_time(std::string_view text, bool generalized) {
  const std::size_t year_digits = generalized ? 4 : 2;
  // RFC 5280 4.1.2.5: seconds are there, no fractions, always Z.
  if (text.size() != year_digits + 11 || text.back() != 'Z') return std::nullopt;
  if (!std::ranges::all_of(text.substr(0, text.size() - 1),
                           [](char c) { return c >= '0' && c <= '9'; }))
    return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t digits) {
    int value = 0;
    for (const char c : text.substr(at, digits)) value = value * 10 + (c - '0');
    return value;
  };
  int year = number(0, year_digits);
  if (!generalized) year += year >= 50 ? 1900 : 2000;  // RFC 5280 4.1.2.5.1
  const auto two = [&](std::size_t index) { return number(year_digits + 2 * index, 2); };
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(two(0))},
                                         std::chrono::day{static_cast<unsigned>(two(1))}};
  if (!date.ok() || two(2) > 23 || two(3) > 59 || two(4) > 59) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{two(2)} + std::chrono::minutes{two(3)} +
         std::chrono::seconds{two(4)};
}

namespace {

Result<Certificate> read_certificate(ByteView der) {
  const unsigned char* at = der.data();
  const X509Handle x509{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
  if (!x509) return openssl_error("not an X.509 certificate");
  if (at != der.data() + der.size()) return Error{"bytes follow the certificate", {}, {}};
  Certificate certificate;
  certificate.version = static_cast<int>(X509_get_version(x509.get())) + 1;
  certificate.sha256 = sha256_hex(der);
  read_names(x509.get(), certificate);
  read_serial(x509.get(), certificate);
  read_validity(x509.get(), certificate);
  read_signature(x509.get(), certificate);
  read_key(x509.get(), certificate);
  read_extensions(x509.get(), certificate);
  ERR_clear_error();  // what could not be read is told in the fields
  return certificate;
}

constexpr std::size_t kRemembered = 64;
constexpr std::size_t kRememberedBytes = 16 * 1024;  // of one certificate

}  // namespace

// Nearly every check asks about the same few certificates. The answer depends
// on nothing but the bytes, so the last ones are remembered; nobody can tell.
Result<Certificate> parse_certificate(ByteView der) {
  if (der.size() > kRememberedBytes) return read_certificate(der);
  thread_local std::map<Bytes, Certificate> remembered;
  Bytes key{der.begin(), der.end()};
  if (const auto found = remembered.find(key); found != remembered.end()) return found->second;
  Result<Certificate> certificate = read_certificate(der);
  if (!certificate) return certificate;
  if (remembered.size() >= kRemembered) remembered.clear();
  remembered.emplace(std::move(key), *certificate);
  return certificate;
}

std::string subject_of(ByteView der) {
  const unsigned char* at = der.data();
  const X509Handle x509{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
  ERR_clear_error();
  return x509 ? name_text(X509_get_subject_name(x509.get())) : std::string{};
}

}  // namespace rta::x509
