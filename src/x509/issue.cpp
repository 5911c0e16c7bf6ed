#include "x509/issue.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "x509/openssl.h"

namespace rta::x509 {
namespace {

constexpr int kGuideDays = 3650;

std::vector<std::pair<std::string, std::string>> guide_subject(std::string common_name) {
  return {{"C", "US"},
          {"ST", "State"},
          {"L", "City"},
          {"O", "Organization"},
          {"CN", std::move(common_name)}};
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{".*_:-"}.contains(c);
  });
}

bool set_subject(X509* certificate, const CertificateSpec& spec) {
  X509_NAME* name = X509_get_subject_name(certificate);
  return std::ranges::all_of(spec.subject, [&](const auto& part) {
    const auto* value = reinterpret_cast<const unsigned char*>(part.second.data());
    return X509_NAME_add_entry_by_txt(name, part.first.c_str(), MBSTRING_UTF8, value,
                                      static_cast<int>(part.second.size()), -1, 0) == 1;
  });
}

bool set_serial(X509* certificate, const CertificateSpec& spec) {
  ASN1_INTEGER* serial = X509_get_serialNumber(certificate);
  if (spec.serial) return ASN1_INTEGER_set_uint64(serial, *spec.serial) == 1;
  const BignumHandle random{BN_new()};
  // RFC 5280 4.1.2.2: positive. The top bit set keeps the length constant.
  return random && BN_rand(random.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(random.get(), serial) != nullptr;
}

bool set_validity(X509* certificate, const CertificateSpec& spec) {
  const auto seconds = [](Timestamp instant) {
    return static_cast<time_t>(instant.time_since_epoch().count());
  };
  // RFC 5280 4.1.2.5: UTCTime until 2049, GeneralizedTime from 2050.
  return ASN1_TIME_set(X509_getm_notBefore(certificate), seconds(spec.not_before)) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), seconds(spec.not_after)) != nullptr;
}

Result<void> add_extensions(X509* certificate, X509* issuer, const CertificateSpec& spec) {
  if (spec.version < 3) return {};
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  for (const auto& [name, value] : spec.extensions) {
    X509_EXTENSION* extension = X509V3_EXT_nconf(nullptr, &context, name.c_str(), value.c_str());
    if (extension == nullptr) return openssl_error(fmt::format("extension {}={}", name, value));
    const int added = X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    if (added != 1) return openssl_error("adding extension " + name);
  }
  return {};
}

Result<Bytes> to_der(X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  if (size <= 0) return openssl_error("writing a certificate");
  Bytes bytes{der, der + size};
  OPENSSL_free(der);
  return bytes;
}

// `issuer` null: the certificate is its own issuer.
Result<Bytes> sign(const CertificateSpec& spec, const PrivateKey& key, X509* issuer,
                   const PrivateKey& issuer_key) {
  const X509Handle certificate{X509_new()};
  X509* made = certificate.get();
  if (!certificate || X509_set_version(made, spec.version - 1) != 1 || !set_serial(made, spec) ||
      !set_validity(made, spec) || !set_subject(made, spec) ||
      X509_set_pubkey(made, key.get()) != 1)
    return openssl_error("making a certificate");
  if (issuer == nullptr) issuer = made;
  if (X509_set_issuer_name(made, X509_get_subject_name(issuer)) != 1)
    return openssl_error("setting the issuer");
  if (Result<void> added = add_extensions(made, issuer, spec); !added) return added.error();
  // RFC 8410: Ed25519 and Ed448 sign without a digest of their own.
  const bool edwards = issuer_key.kind().starts_with("ED");
  const EVP_MD* digest = edwards ? nullptr : EVP_get_digestbyname(spec.digest.c_str());
  if (!edwards && digest == nullptr) return Error{"no digest " + spec.digest, {}, {}};
  if (X509_sign(made, issuer_key.get(), digest) <= 0) return openssl_error("signing a certificate");
  return to_der(made);
}

}  // namespace

CertificateSpec& CertificateSpec::extension(std::string name, std::string value) {
  const auto found =
      std::ranges::find(extensions, name, &std::pair<std::string, std::string>::first);
  if (found != extensions.end()) {
    found->second = std::move(value);
  } else {
    extensions.emplace_back(std::move(name), std::move(value));
  }
  return *this;
}

CertificateSpec& CertificateSpec::without(std::string_view name) {
  std::erase_if(extensions, [&](const auto& extension) { return extension.first == name; });
  return *this;
}

CertificateSpec guide_ca(Timestamp not_before, std::string common_name) {
  CertificateSpec spec;
  spec.subject = guide_subject(std::move(common_name));
  spec.not_before = not_before;
  spec.not_after = not_before + std::chrono::days{kGuideDays};
  // Section v3_ca of OpenSSL's own openssl.cnf.
  spec.extensions = {{"subjectKeyIdentifier", "hash"},
                     {"authorityKeyIdentifier", "keyid:always,issuer"},
                     {"basicConstraints", "critical,CA:true"}};
  return spec;
}

CertificateSpec guide_leaf(Timestamp not_before, std::string common_name, std::uint64_t serial) {
  CertificateSpec spec;
  spec.subject = guide_subject(std::move(common_name));
  spec.not_before = not_before;
  spec.not_after = not_before + std::chrono::days{kGuideDays};
  spec.serial = serial;
  spec.version = 1;
  return spec;
}

CertificateSpec proper_ca(std::string common_name, Timestamp not_before, int days,
                          std::optional<int> path_length) {
  CertificateSpec spec;
  spec.subject = {{"CN", std::move(common_name)}};
  spec.not_before = not_before;
  spec.not_after = not_before + std::chrono::days{days};
  const std::string limit = path_length ? fmt::format(",pathlen:{}", *path_length) : "";
  spec.extensions = {{"basicConstraints", "critical,CA:TRUE" + limit},
                     {"keyUsage", "critical,keyCertSign,cRLSign"},
                     {"subjectKeyIdentifier", "hash"},
                     {"authorityKeyIdentifier", "keyid:always"}};
  return spec;
}

CertificateSpec proper_server(const std::vector<std::string>& dns_names,
                              const std::vector<std::string>& addresses, Timestamp not_before,
                              int days) {
  std::vector<std::string> names;
  std::string common_name;
  for (const std::string& name : dns_names) {
    if (!is_plain_name(name)) continue;
    names.push_back("DNS:" + name);
    // ub-common-name is 64 (RFC 5280 appendix A).
    if (common_name.empty() && name.size() <= 64) common_name = name;
  }
  for (const std::string& address : addresses)
    if (is_plain_name(address)) names.push_back("IP:" + address);

  CertificateSpec spec;
  spec.subject = {{"CN", common_name.empty() ? "redis" : common_name}};
  spec.not_before = not_before;
  spec.not_after = not_before + std::chrono::days{days};
  spec.extensions = {{"basicConstraints", "critical,CA:FALSE"},
                     {"keyUsage", "critical,digitalSignature"},
                     {"extendedKeyUsage", "serverAuth"},
                     {"subjectKeyIdentifier", "hash"},
                     {"authorityKeyIdentifier", "keyid"}};
  if (!names.empty()) spec.extension("subjectAltName", join(names, ","));
  return spec;
}

CertificateSpec proper_client(std::string common_name, Timestamp not_before, int days) {
  CertificateSpec spec = proper_server({}, {}, not_before, days);
  spec.subject = {{"CN", std::move(common_name)}};
  spec.extension("extendedKeyUsage", "clientAuth");
  return spec;
}

Result<Bytes> self_sign(const CertificateSpec& spec, const PrivateKey& key) {
  return sign(spec, key, nullptr, key);
}

Result<Bytes> issue(const CertificateSpec& spec, const PrivateKey& key, ByteView issuer_certificate,
                    const PrivateKey& issuer_key) {
  const unsigned char* at = issuer_certificate.data();
  const X509Handle issuer{d2i_X509(nullptr, &at, static_cast<long>(issuer_certificate.size()))};
  if (!issuer) return openssl_error("reading the issuer's certificate");
  return sign(spec, key, issuer.get(), issuer_key);
}

std::string certificate_pem(ByteView der) {
  const std::string body = to_base64(der);
  std::string text = "-----BEGIN CERTIFICATE-----\n";
  for (std::size_t at = 0; at < body.size(); at += 64) text += body.substr(at, 64) + "\n";
  return text + "-----END CERTIFICATE-----\n";
}

}  // namespace rta::x509
