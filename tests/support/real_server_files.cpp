#include "tests/support/real_server_files.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <glob.h>
#include <netdb.h>
#include <netinet/in.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace rta::testing {
namespace {

RedisConfFiles::Text read_text(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "r");
  if (file == nullptr) return {.path = path, .refusal = std::strerror(errno)};
  RedisConfFiles::Text answer{.path = path};
  char buffer[4096];
  for (std::size_t size; (size = std::fread(buffer, 1, sizeof buffer, file)) > 0;)
    answer.text.append(buffer, size);
  std::fclose(file);
  return answer;
}

std::vector<std::string> glob_paths(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> paths;
  if (glob(pattern.c_str(), 0, nullptr, &found) == 0)
    for (std::size_t i = 0; i < found.gl_pathc; ++i) paths.emplace_back(found.gl_pathv[i]);
  globfree(&found);
  return paths;
}

std::string enter_directory(const std::string& path) {
  struct stat facts{};
  if (stat(path.c_str(), &facts) != 0) return std::strerror(errno);
  if (!S_ISDIR(facts.st_mode)) return std::strerror(ENOTDIR);
  return access(path.c_str(), X_OK) == 0 ? "" : std::strerror(errno);
}

// As Redis does it: a colon makes it IPv6, and names are resolved.
std::optional<std::string> listen_address(const std::string& address) {
  addrinfo hints{};
  hints.ai_family = address.find(':') == std::string::npos ? AF_INET : AF_INET6;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.c_str(), "0", &hints, &found) != 0) return std::nullopt;
  const int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool bound = fd >= 0 && bind(fd, found->ai_addr, found->ai_addrlen) == 0;
  char numeric[INET6_ADDRSTRLEN + 20] = "";
  getnameinfo(found->ai_addr, found->ai_addrlen, numeric, sizeof numeric, nullptr, 0,
              NI_NUMERICHOST);
  if (fd >= 0) close(fd);
  freeaddrinfo(found);
  return bound ? std::optional<std::string>{numeric} : std::nullopt;
}

// Like fopen(path, "a"), without making the file.
std::string append_to(const std::string& path) {
  struct stat facts{};
  if (stat(path.c_str(), &facts) == 0) {
    if (S_ISDIR(facts.st_mode)) return std::strerror(EISDIR);
    return access(path.c_str(), W_OK) == 0 ? "" : std::strerror(errno);
  }
  const std::size_t slash = path.rfind('/');
  const std::string parent = slash == 0 ? "/" : path.substr(0, slash);
  return access(parent.c_str(), W_OK) == 0 ? "" : std::strerror(errno);
}

int give_passphrase(char* buffer, int size, int, void* user) {
  const auto* passphrase = static_cast<const std::string*>(user);
  if (passphrase->empty() || passphrase->size() >= static_cast<std::size_t>(size)) return -1;
  std::memcpy(buffer, passphrase->data(), passphrase->size());
  return static_cast<int>(passphrase->size());
}

using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

bool load_dh(SSL_CTX* context, const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "r");
  if (file == nullptr) return false;
  EVP_PKEY* key = nullptr;
  OSSL_DECODER_CTX* decoder = OSSL_DECODER_CTX_new_for_pkey(
      &key, "PEM", nullptr, "DH", OSSL_KEYMGMT_SELECT_DOMAIN_PARAMETERS, nullptr, nullptr);
  const bool read = OSSL_DECODER_from_fp(decoder, file) == 1;
  OSSL_DECODER_CTX_free(decoder);
  std::fclose(file);
  return read && SSL_CTX_set0_tmp_dh_pkey(context, key) > 0;
}

std::string make_context(const TlsMaterial& material, bool client) {
  const Context context{SSL_CTX_new(TLS_method()), SSL_CTX_free};
  SSL_CTX* tls = context.get();
  std::string passphrase = client ? material.client_key_passphrase : material.key_passphrase;
  const std::string& certificate =
      client ? material.client_certificate_file : material.certificate_file;
  const std::string& key = client ? material.client_key_file : material.key_file;
  SSL_CTX_set_default_passwd_cb(tls, give_passphrase);
  SSL_CTX_set_default_passwd_cb_userdata(tls, &passphrase);
  const char* ca = material.ca_file.empty() ? nullptr : material.ca_file.c_str();
  const char* directory = material.ca_directory.empty() ? nullptr : material.ca_directory.c_str();
  if (SSL_CTX_use_certificate_chain_file(tls, certificate.c_str()) <= 0)
    return "Failed to load certificate: " + certificate;
  if (SSL_CTX_use_PrivateKey_file(tls, key.c_str(), SSL_FILETYPE_PEM) <= 0)
    return "Failed to load private key: " + key;
  if ((ca != nullptr || directory != nullptr) &&
      SSL_CTX_load_verify_locations(tls, ca, directory) <= 0)
    return "Failed to configure CA certificate(s) file/directory";
  if (!material.ciphers.empty() && SSL_CTX_set_cipher_list(tls, material.ciphers.c_str()) != 1)
    return "Failed to configure ciphers";
  if (!material.cipher_suites.empty() &&
      SSL_CTX_set_ciphersuites(tls, material.cipher_suites.c_str()) != 1)
    return "Failed to configure ciphersuites";
  if (!client && !material.dh_file.empty() && !load_dh(tls, material.dh_file))
    return "Failed to load " + material.dh_file;
  return {};
}

std::string configure_tls(const TlsMaterial& material) {
  std::string problem = make_context(material, false);
  if (problem.empty() && !material.client_certificate_file.empty() &&
      !material.client_key_file.empty())
    problem = make_context(material, true);
  ERR_clear_error();
  return problem;
}

}  // namespace

RedisConfFiles real_server_files() {
  return {.read = read_text,
          .glob = glob_paths,
          .enter_directory = enter_directory,
          .append_to = append_to,
          .listen_address = listen_address,
          .configure_tls = configure_tls};
}

}  // namespace rta::testing
