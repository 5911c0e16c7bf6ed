#include "x509/extensions.h"

#include <array>

#include "x509/openssl.h"

namespace rta::x509 {
namespace {

template <class T, auto Free>
std::unique_ptr<T, FreeWith<Free>> decoded(X509* x509, int nid, bool* critical = nullptr) {
  int is_critical = 0;
  auto* value = static_cast<T*>(X509_get_ext_d2i(x509, nid, &is_critical, nullptr));
  if (critical != nullptr) *critical = is_critical == 1;
  return std::unique_ptr<T, FreeWith<Free>>{value};
}

std::string text_of(const ASN1_STRING* string) {
  const auto* data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(string));
  return {data, static_cast<std::size_t>(std::max(ASN1_STRING_length(string), 0))};
}

std::string dotted(const ASN1_OBJECT* object) {
  std::array<char, 128> text{};
  OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
  return text.data();
}

void read_alternative_names(X509* x509, Certificate& certificate) {
  if (X509_get_ext_by_NID(x509, NID_subject_alt_name, -1) < 0) return;
  AlternativeNames& names = certificate.alternative_names.emplace();
  const auto all = decoded<GENERAL_NAMES, GENERAL_NAMES_free>(x509, NID_subject_alt_name);
  const auto keep = [&](std::vector<std::string>& list, const ASN1_STRING* string) {
    list.push_back(text_of(string));
    if (list.back().contains('\0')) certificate.name_contains_nul = true;
  };
  for (int i = 0; i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type == GEN_DNS) {
      keep(names.dns, name->d.dNSName);
    } else if (name->type == GEN_EMAIL) {
      keep(names.emails, name->d.rfc822Name);
    } else if (name->type == GEN_URI) {
      keep(names.uris, name->d.uniformResourceIdentifier);
    } else if (name->type == GEN_IPADD) {
      const std::string address = text_of(name->d.iPAddress);
      names.addresses.emplace_back(address.begin(), address.end());
    } else {
      ++names.others;
    }
  }
}

void read_basic_constraints(X509* x509, Certificate& certificate) {
  bool critical = false;
  const auto value =
      decoded<BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free>(x509, NID_basic_constraints, &critical);
  if (!value) return;
  BasicConstraints& constraints = certificate.basic_constraints.emplace();
  constraints.critical = critical;
  constraints.is_ca = value->ca != 0;
  std::int64_t length = 0;
  if (value->pathlen != nullptr && ASN1_INTEGER_get_int64(&length, value->pathlen) == 1 &&
      length >= 0 && length < 1000)
    constraints.path_length = static_cast<int>(length);
}

void read_key_usage(X509* x509, Certificate& certificate) {
  bool critical = false;
  const auto value = decoded<ASN1_BIT_STRING, ASN1_BIT_STRING_free>(x509, NID_key_usage, &critical);
  if (!value) return;
  KeyUsage& usage = certificate.key_usage.emplace();
  usage.critical = critical;
  for (int bit = 0; bit < 9; ++bit)
    if (ASN1_BIT_STRING_get_bit(value.get(), bit) != 0)
      usage.bits = static_cast<std::uint16_t>(usage.bits | 1U << bit);
}

void read_extended_key_usage(X509* x509, Certificate& certificate) {
  const auto value = decoded<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>(x509, NID_ext_key_usage);
  if (!value) return;
  std::vector<std::string>& uses = certificate.extended_key_usage.emplace();
  for (int i = 0; i < sk_ASN1_OBJECT_num(value.get()); ++i) {
    const ASN1_OBJECT* use = sk_ASN1_OBJECT_value(value.get(), i);
    const int nid = OBJ_obj2nid(use);
    uses.emplace_back(nid == NID_undef ? dotted(use) : OBJ_nid2sn(nid));
  }
}

void read_revocation(X509* x509, Certificate& certificate) {
  const auto points =
      decoded<CRL_DIST_POINTS, CRL_DIST_POINTS_free>(x509, NID_crl_distribution_points);
  for (int i = 0; i < sk_DIST_POINT_num(points.get()); ++i) {
    certificate.has_crl_distribution_point = true;
    const DIST_POINT_NAME* name = sk_DIST_POINT_value(points.get(), i)->distpoint;
    if (name == nullptr || name->type != 0) continue;
    for (int j = 0; j < sk_GENERAL_NAME_num(name->name.fullname); ++j) {
      const GENERAL_NAME* full = sk_GENERAL_NAME_value(name->name.fullname, j);
      if (full->type == GEN_URI)
        certificate.crl_urls.push_back(text_of(full->d.uniformResourceIdentifier));
    }
  }
  const auto access =
      decoded<AUTHORITY_INFO_ACCESS, AUTHORITY_INFO_ACCESS_free>(x509, NID_info_access);
  for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access.get()); ++i) {
    const ACCESS_DESCRIPTION* entry = sk_ACCESS_DESCRIPTION_value(access.get(), i);
    if (OBJ_obj2nid(entry->method) == NID_ad_OCSP && entry->location->type == GEN_URI)
      certificate.ocsp_urls.push_back(text_of(entry->location->d.uniformResourceIdentifier));
  }
  // RFC 7633: the TLS features that a server must offer; 5 is status_request.
  const auto features = decoded<TLS_FEATURE, TLS_FEATURE_free>(x509, NID_tlsfeature);
  for (int i = 0; i < sk_ASN1_INTEGER_num(features.get()); ++i) {
    const std::int64_t feature = ASN1_INTEGER_get(sk_ASN1_INTEGER_value(features.get(), i));
    if (feature == 5 || feature == 17) certificate.must_staple = true;
  }
}

void read_identifiers_and_flags(X509* x509, Certificate& certificate) {
  const auto has = [&](int nid) { return X509_get_ext_by_NID(x509, nid, -1) >= 0; };
  certificate.has_subject_key_id = has(NID_subject_key_identifier);
  certificate.has_authority_key_id = has(NID_authority_key_identifier);
  certificate.has_name_constraints = has(NID_name_constraints);
  for (int i = 0; i < X509_get_ext_count(x509); ++i) {
    X509_EXTENSION* extension = X509_get_ext(x509, i);
    if (X509_EXTENSION_get_critical(extension) == 1 && X509_supported_extension(extension) == 0)
      certificate.unknown_critical.push_back(dotted(X509_EXTENSION_get_object(extension)));
  }
  certificate.has_broken_extension = (X509_get_extension_flags(x509) & EXFLAG_INVALID) != 0;
}

}  // namespace

void read_extensions(x509_st* x509, Certificate& certificate) {
  read_alternative_names(x509, certificate);
  read_basic_constraints(x509, certificate);
  read_key_usage(x509, certificate);
  read_extended_key_usage(x509, certificate);
  read_revocation(x509, certificate);
  read_identifiers_and_flags(x509, certificate);
}

}  // namespace rta::x509
