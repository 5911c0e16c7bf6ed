#include "tls/cipher_string.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include "base/free_with.h"
#include "base/text.h"
#include "tls/code_points.h"

namespace rta::tls {
using namespace std::string_view_literals;

namespace {

constexpr std::array kBroad{
    "DEFAULT"sv, "ALL"sv, "COMPLEMENTOFALL"sv, "COMPLEMENTOFDEFAULT"sv, "HIGH"sv,
    "MEDIUM"sv,  "LOW"sv};
constexpr std::array kWeak{"ENULL"sv,          "NULL"sv, "ANULL"sv,    "ADH"sv,      "AECDH"sv,
                           "EXPORT"sv,         "EXP"sv,  "EXPORT40"sv, "EXPORT56"sv, "LOW"sv,
                           "COMPLEMENTOFALL"sv};
constexpr std::size_t kLongestString = 8192;

std::string upper(std::string_view text) {
  std::string result{text};
  for (char& c : result)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return result;
}

// The words of a cipher string; separators are colon, comma, semicolon, blank.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text + ":") {
    if (std::string_view{":,; \t"}.find(c) == std::string_view::npos)
      word += c;
    else if (!word.empty())
      words.push_back(std::exchange(word, {}));
  }
  return words;
}

}  // namespace

Result<std::vector<CipherSuite>> expand_cipher_string(const std::string& text) {
  if (text.size() > kLongestString) return Error{"the cipher string is longer than 8 KiB", "", ""};
  // No configuration file: SSL_CTX_new would otherwise load openssl.cnf.
  OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  const std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>> context{SSL_CTX_new(TLS_server_method())};
  if (!context) return Error{"OpenSSL could not be set up", "", ""};
  SSL_CTX_set_min_proto_version(context.get(), 0);
  SSL_CTX_set_ciphersuites(context.get(), "");
  const bool accepted = SSL_CTX_set_cipher_list(context.get(), text.c_str()) == 1;
  ERR_clear_error();
  if (!accepted)
    return Error{"OpenSSL knows no cipher of \"" + printable(text, 120) + "\"", "", ""};
  std::vector<CipherSuite> suites;
  const STACK_OF(SSL_CIPHER)* list = SSL_CTX_get_ciphers(context.get());
  for (int i = 0; i < sk_SSL_CIPHER_num(list); ++i) {
    const CipherSuite code = SSL_CIPHER_get_protocol_id(sk_SSL_CIPHER_value(list, i));
    const SuiteProperties* suite = find_suite(code);
    if (suite == nullptr || !suite->is_tls13()) suites.push_back(code);
  }
  return suites;
}

CipherStringShape shape_of_cipher_string(const std::string& text) {
  CipherStringShape shape;
  std::vector<std::string> excluded, weak;
  for (const std::string& raw : words_of(text)) {
    const std::string word = upper(raw);
    if (word.starts_with("@SECLEVEL=")) {
      int level = 0;
      std::from_chars(word.data() + 10, word.data() + word.size(), level);
      shape.security_level = level;
      continue;
    }
    if (word.starts_with('@') || word.starts_with('+')) continue;
    if (word.starts_with('!') || word.starts_with('-')) {
      excluded.push_back(word.substr(1));
      continue;
    }
    if (shape.broad_keyword.empty() && std::ranges::count(kBroad, word) > 0)
      shape.broad_keyword = word;
    if (std::ranges::count(kWeak, word) > 0) weak.push_back(word);
  }
  for (const std::string& word : weak)
    if (std::ranges::count(excluded, word) == 0) shape.enables_weak.push_back(word);
  return shape;
}

bool usable_with_key(CipherSuite code, bool has_rsa_key, bool has_ecdsa_key) {
  const SuiteProperties* suite = find_suite(code);
  // SRP needs a password file that Redis has no setting for.
  if (suite == nullptr || suite->key_exchange == KeyExchange::srp) return false;
  switch (suite->authentication) {
    case Authentication::any:
    case Authentication::none:
      return true;
    case Authentication::rsa:
      return has_rsa_key;
    case Authentication::ecdsa:
      return has_ecdsa_key;
    case Authentication::dss:
    case Authentication::psk:
    case Authentication::krb5:
    case Authentication::srp:
    case Authentication::gost:
    case Authentication::other:
      return false;
  }
  return false;
}

}  // namespace rta::tls
