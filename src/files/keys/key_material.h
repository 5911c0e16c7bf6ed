// Key material and secrets inside a file's bytes: private keys in every usual
// coat (PEM, also escaped into JSON, indented in YAML, base64 over PEM, UTF-16;
// OpenSSH, PuTTY, DER, PKCS#12, Java keystores), certificates, requests, and
// Redis credentials in settings. A marker without a key's body (a regular
// expression, a grep, prose) is no key. No byte of what is found is kept.
// Pure; any thread.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/facts/repository.h>

#include <string>
#include <string_view>
#include <vector>

namespace rta::files {

struct FoundMaterial {
  Material material = Material::private_key;
  int line = 0;              // from 1; 0 for binary stores
  std::string spki_sha256;   // of the public half, where it can be told
  bool is_ca = false;        // certificates
  std::string detail;        // "RSA", "REDIS_PASSWORD"; never a value
  bool placeholder = false;  // a secret from documentation
  int column = 0;            // of `line`, from 1 in bytes; 0 for binary stores
  bool bare = false;         // a secret without quotes: in source code that would be a name
};

// A quick no: the bytes cannot hold anything that find_material() looks for.
bool may_hold_material(ByteView bytes);
// The same for private keys and certificates in text alone.
bool may_hold_pem(ByteView bytes);
// In order of lines; at most kMaterialPerFile.
std::vector<FoundMaterial> find_material(ByteView bytes);

inline constexpr std::size_t kMaterialPerFile = 64;

// Whether a hit means anything in a file of this name: a password assignment
// is a secret in .env and in settings, and an example in a document.
bool counts_in(const FoundMaterial& found, std::string_view path);
bool is_environment_file(std::string_view path);  // .env, .env.local, prod.env
bool is_template_file(std::string_view path);     // .env.example, x.conf.template

bool is_key(Material material);     // any kind of private key or keystore
bool is_secret(Material material);  // environment or Redis secret

}  // namespace rta::files
