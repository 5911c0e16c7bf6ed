#include "files/keys/key_material.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <iterator>
#include <optional>

#include "base/text.h"
#include "base/wipe.h"
#include "files/keys/der_material.h"
#include "files/keys/needle_finder.h"
#include "files/redis_conf/redis_secrets.h"

namespace rta::files {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
// base64 of "-----BEGIN ", by how many bytes of a group of three stand in front
// of it, and how many characters of the first group of four vary with them.
struct Base64Marker {
  std::string_view text;
  std::size_t varying = 0;
};
constexpr std::array<Base64Marker, 3> kBase64Begin{
    {{"LS0tLS1CRUdJTiB", 0}, {"0tLS0tQkVHSU4g", 2}, {"tLS0tLUJFR0lO", 3}}};
constexpr std::string_view kPutty = "PuTTY-User-Key-File-";
constexpr std::array kPemNeedles{kBegin, kPutty, kBase64Begin[0].text, kBase64Begin[1].text,
                                 kBase64Begin[2].text};
// Quotes, and the escapes that JSON and dotenv put between the lines of a PEM.
constexpr std::string_view kBetweenPemLines = "=\"',\\";
constexpr std::size_t kLongestHeader = 200;
constexpr std::size_t kLeastBody = 32;  // decoded bytes of a real key
// A body that does not parse must at least look like one: prose and fillers of
// one letter do not.
constexpr std::size_t kLeastRun = 24;
constexpr std::size_t kLeastDistinctBytes = 12;

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

// Decoded key bytes, wiped when they go.
struct Wiped {
  Bytes bytes;
  std::size_t longest_run = 0;  // of base64 without anything between
  Wiped() = default;
  Wiped(Wiped&&) = default;
  Wiped& operator=(Wiped&&) = default;
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  ~Wiped() { wipe(bytes); }
};

// Over "\\n" and its like; `at` stands on a backslash.
void skip_escape(std::string_view text, std::size_t& at) {
  while (at + 1 < text.size() && text[at + 1] == '\\') ++at;
  if (at + 1 < text.size() && (text[at + 1] == 'n' || text[at + 1] == 'r')) ++at;
}

// Base64 from `at` on, over line ends, indentation, and the characters in
// `between`; ends at anything else.
Wiped decode_base64(std::string_view text, std::size_t& at, std::string_view between) {
  Wiped body;
  body.bytes.reserve(std::min<std::size_t>(text.size() - at, 16384) * 3 / 4);
  std::uint32_t bits = 0;
  int have = 0;
  std::size_t run = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    const bool joins_strings = c == '+' && run == 0 && !between.empty() &&
                               (at + 1 == text.size() || base64_value(text[at + 1]) < 0);
    if (joins_strings) continue;
    if (const int value = base64_value(c); value >= 0) {
      body.longest_run = std::max(body.longest_run, ++run);
      bits = bits << 6U | static_cast<std::uint32_t>(value);
      have += 6;
      if (have >= 8) {
        have -= 8;
        body.bytes.push_back(static_cast<std::uint8_t>(bits >> have));
      }
      continue;
    }
    run = 0;
    if (c == '\\' && between.contains(c)) {
      skip_escape(text, at);
      continue;
    }
    if (!std::string_view{" \t\r\n"}.contains(c) && !between.contains(c)) break;
  }
  return body;
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 40 && std::ranges::all_of(label, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ';
  });
}

bool is_private_label(std::string_view label) {
  static constexpr std::array kKinds{"", "RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED ", "ANY "};
  return std::ranges::any_of(kKinds, [&](std::string_view kind) {
    return label.size() == kind.size() + 11 && label.starts_with(kind) &&
           label.ends_with("PRIVATE KEY");
  });
}

bool looks_like_a_body(const Wiped& body) {
  std::bitset<256> seen;
  for (const std::uint8_t byte : body.bytes) seen.set(byte);
  return body.longest_run >= kLeastRun && seen.count() >= kLeastDistinctBytes;
}

std::optional<FoundMaterial> judge_key(std::string_view label, bool encrypted, const Wiped& wiped) {
  FoundMaterial found;
  const ByteView body = wiped.bytes;
  if (body.size() < kLeastBody) return std::nullopt;
  if (encrypted) {
    found.material = Material::private_key_encrypted;
  } else if (label.starts_with("OPENSSH")) {
    const bool real = as_text(body).starts_with("openssh-key-v1");
    found.material = real ? Material::private_key_openssh : Material::private_key_probable;
  } else if (label.starts_with("ENCRYPTED")) {
    found.material = is_encrypted_private_key(body) ? Material::private_key_encrypted
                                                    : Material::private_key_probable;
  } else if (const std::optional<DerMaterial> key = private_key_in(body)) {
    found.spki_sha256 = key->spki_sha256;
    found.detail = key->kind;
  } else {
    found.material = Material::private_key_probable;
  }
  if (found.material == Material::private_key_probable && !looks_like_a_body(wiped))
    return std::nullopt;
  return found;
}

std::optional<FoundMaterial> judge_block(std::string_view label, bool encrypted,
                                         const Wiped& wiped) {
  if (is_private_label(label)) return judge_key(label, encrypted, wiped);
  const ByteView body = wiped.bytes;
  std::optional<DerMaterial> der;
  if (label.ends_with("CERTIFICATE REQUEST")) {
    der = certificate_request_in(body);
  } else if (label == "CERTIFICATE" || label == "X509 CERTIFICATE") {
    der = certificate_in(body);
  } else if ((label == "TRUSTED CERTIFICATE" || label == "PKCS7") && body.size() >= kLeastBody) {
    der = DerMaterial{Material::certificate, "", "", false};
  }
  if (!der) return std::nullopt;
  return FoundMaterial{der->material, 0, der->spki_sha256, der->is_ca, der->kind, false};
}

int line_at(std::string_view text, std::size_t at) {
  return 1 + static_cast<int>(std::ranges::count(text.substr(0, at), '\n'));
}

int column_at(std::string_view text, std::size_t at) {
  const std::size_t before = text.substr(0, at).rfind('\n');
  return static_cast<int>(before == std::string_view::npos ? at + 1 : at - before);
}

void skip_blanks(std::string_view text, std::size_t& at) {
  for (; at < text.size(); ++at) {
    if (text[at] == '\\') {
      skip_escape(text, at);
    } else if (!std::string_view{" \t\r\n\"'"}.contains(text[at])) {
      return;
    }
  }
}

// RFC 1421 headers of OpenSSL's legacy format; true when the key is encrypted.
bool skip_headers(std::string_view text, std::size_t& at) {
  bool encrypted = false;
  for (const std::string_view header : {"Proc-Type:", "DEK-Info:", "Comment:"}) {
    skip_blanks(text, at);
    if (!text.substr(at).starts_with(header)) continue;
    const std::string_view line = text.substr(at, kLongestHeader);
    const std::size_t end = std::min({line.find('\n'), line.find("\\n"), line.size()});
    encrypted = encrypted || line.substr(0, end).contains("ENCRYPTED");
    at += end;
  }
  return encrypted;
}

void find_pem(std::string_view text, std::vector<FoundMaterial>& all) {
  int line = 1;
  std::size_t counted = 0;
  for (std::size_t at = text.find(kBegin);
       at != std::string_view::npos && all.size() < kMaterialPerFile; at = text.find(kBegin, at)) {
    const std::size_t start = at;
    at += kBegin.size();
    const std::size_t end = text.find("-----", at);
    if (end == std::string_view::npos) return;
    const std::string_view label = text.substr(at, end - at);
    if (!is_label(label)) continue;
    at = end + 5;
    const bool encrypted = skip_headers(text, at);
    const Wiped body = decode_base64(text, at, kBetweenPemLines);
    std::optional<FoundMaterial> found = judge_block(label, encrypted, body);
    if (!found) continue;
    line += static_cast<int>(std::ranges::count(text.substr(counted, start - counted), '\n'));
    counted = start;
    found->line = line;
    found->column = column_at(text, start);
    all.push_back(*std::move(found));
  }
}

// A PEM file in base64, also behind other text: Kubernetes Secrets, CI
// variables. What is decoded may hold several blocks.
void find_base64_of_pem(std::string_view text, std::vector<FoundMaterial>& all) {
  std::size_t decoded_until = 0;
  std::vector<std::size_t> starts;
  for (const Base64Marker& marker : kBase64Begin)
    for (std::size_t at = text.find(marker.text);
         at != std::string_view::npos && starts.size() < kMaterialPerFile;
         at = text.find(marker.text, at + 1))
      starts.push_back(at - std::min(at, marker.varying));
  std::ranges::sort(starts);
  for (const std::size_t start : starts) {
    if (start < decoded_until || all.size() >= kMaterialPerFile) continue;
    decoded_until = start;
    const Wiped inner = decode_base64(text, decoded_until, "");
    std::vector<FoundMaterial> found;
    find_pem(as_text(inner.bytes), found);
    for (FoundMaterial& one : found) {
      one.line = line_at(text, start);
      one.column = column_at(text, start);
      all.push_back(std::move(one));
    }
  }
}

void find_putty(std::string_view text, std::vector<FoundMaterial>& all) {
  const std::size_t at = text.find(kPutty);
  const std::size_t body = at == std::string_view::npos ? at : text.find("\nPrivate-Lines:", at);
  if (body == std::string_view::npos) return;
  std::size_t first = text.find('\n', body + 1);
  if (first == std::string_view::npos || decode_base64(text, first, "=").bytes.size() < kLeastBody)
    return;
  const bool encrypted = text.substr(at, body - at).contains("Encryption: aes");
  all.push_back({encrypted ? Material::private_key_encrypted : Material::private_key,
                 line_at(text, at), "", false, "PuTTY", false, column_at(text, at)});
}

// A Java keystore (JKS or JCEKS) lists its entries in the clear: 1 is a
// private key, 2 a trusted certificate, 3 a secret key.
std::optional<FoundMaterial> java_keystore_in(ByteView bytes) {
  ByteReader in{bytes};
  const std::uint32_t magic = in.u32();
  const std::uint32_t version = in.u32();
  const std::uint32_t entries = in.u32();
  if ((magic != 0xFEEDFEED && magic != 0xCECECECE) || version < 1 || version > 2 ||
      entries > 100'000 || !in.ok())
    return std::nullopt;
  FoundMaterial found{Material::certificate, 0, "", false, "Java keystore", false};
  for (std::uint32_t i = 0; i < entries && in.ok(); ++i) {
    if (in.u32() != 2) {
      found.material = Material::java_keystore;
      return found;
    }
    in.bytes(in.u16());                    // alias
    in.bytes(8);                           // date
    if (version == 2) in.bytes(in.u16());  // "X.509"
    in.bytes(in.u32());
  }
  if (entries == 0 && in.ok()) return std::nullopt;
  if (!in.ok()) found.material = Material::java_keystore;  // cut off: assume the worse
  return found;
}

std::optional<FoundMaterial> binary_material_in(ByteView bytes) {
  if (std::optional<FoundMaterial> keystore = java_keystore_in(bytes)) return keystore;
  if (bytes.size() < kLeastBody || bytes[0] != 0x30) return std::nullopt;
  std::optional<DerMaterial> der = pkcs12_in(bytes);
  if (!der) der = private_key_in(bytes);
  if (!der && is_encrypted_private_key(bytes))
    der = DerMaterial{Material::private_key_encrypted, "", "", false};
  if (!der) der = certificate_in(bytes);
  if (!der) der = certificate_request_in(bytes);
  if (!der) return std::nullopt;
  return FoundMaterial{der->material, 0, der->spki_sha256, der->is_ca, der->kind, false};
}

// ASCII text in UTF-16 of either order, by its mark or its zero bytes.
std::optional<std::string> from_utf16(ByteView bytes) {
  if (bytes.size() < 4) return std::nullopt;
  const bool little =
      (bytes[0] == 0xFF && bytes[1] == 0xFE) || (bytes[0] != 0 && bytes[1] == 0 && bytes[2] != 0);
  const bool big =
      (bytes[0] == 0xFE && bytes[1] == 0xFF) || (bytes[0] == 0 && bytes[1] != 0 && bytes[2] == 0);
  if (!little && !big) return std::nullopt;
  std::string text;
  text.reserve(bytes.size() / 2);
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    const std::uint8_t low = bytes[little ? i : i + 1], high = bytes[little ? i + 1 : i];
    text.push_back(high == 0 ? static_cast<char>(low) : '?');
  }
  return text;
}

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

template <std::size_t N>
bool ends_with_any(std::string_view name, const std::array<std::string_view, N>& endings) {
  return std::ranges::any_of(endings,
                             [&](std::string_view ending) { return name.ends_with(ending); });
}

}  // namespace

bool may_hold_pem(ByteView bytes) {
  static const NeedleFinder finder{kPemNeedles};
  return finder.any_in(as_text(bytes));
}

bool may_hold_material(ByteView bytes) {
  if (bytes.size() < 8) return false;
  if (bytes[0] == 0x30 || bytes[0] == 0xFE || bytes[0] == 0xCE || bytes[0] == 0xFF ||
      bytes[0] == 0 || bytes[1] == 0)
    return true;
  static const NeedleFinder finder = [] {
    std::vector<std::string_view> needles{kPemNeedles.begin(), kPemNeedles.end()};
    std::ranges::copy(secret_needles(), std::back_inserter(needles));
    return NeedleFinder{needles};
  }();
  const std::string_view text = as_text(bytes);
  return finder.any_in(text) || begins_with_acl_user(text);
}

std::vector<FoundMaterial> find_material(ByteView bytes) {
  std::vector<FoundMaterial> all;
  if (std::optional<FoundMaterial> binary = binary_material_in(bytes)) return {*std::move(binary)};
  const std::optional<std::string> wide = from_utf16(bytes);
  const std::string_view text = wide ? std::string_view{*wide} : as_text(bytes);
  find_pem(text, all);
  find_base64_of_pem(text, all);
  find_putty(text, all);
  if (may_hold_secrets(text))
    for (FoundMaterial& secret : find_secrets(text)) all.push_back(std::move(secret));
  std::ranges::stable_sort(all, {}, &FoundMaterial::line);
  if (all.size() > kMaterialPerFile) all.resize(kMaterialPerFile);
  return all;
}

bool is_key(Material material) {
  switch (material) {
    case Material::private_key:
    case Material::private_key_encrypted:
    case Material::private_key_openssh:
    case Material::private_key_probable:
    case Material::pkcs12:
    case Material::java_keystore:
      return true;
    case Material::certificate:
    case Material::certificate_request:
    case Material::environment_secret:
    case Material::redis_secret:
      return false;
  }
  return false;
}

bool is_secret(Material material) {
  return material == Material::environment_secret || material == Material::redis_secret;
}

bool is_environment_file(std::string_view path) {
  const std::string_view name = file_name(path);
  return name == ".env" || name.starts_with(".env.") || name.ends_with(".env") || name == ".envrc";
}

bool is_template_file(std::string_view path) {
  static constexpr std::array<std::string_view, 8> kEndings{
      ".example", ".sample", ".template", ".dist", ".tmpl", ".tpl", ".j2", ".erb"};
  const std::string_view name = file_name(path);
  return ends_with_any(name, kEndings) || name.contains(".example.") || name.contains(".sample.") ||
         name.contains(".template.");
}

bool counts_in(const FoundMaterial& found, std::string_view path) {
  if (!is_secret(found.material)) return true;
  if (found.material == Material::environment_secret) return is_environment_file(path);
  static constexpr std::array<std::string_view, 9> kDocuments{
      ".md", ".rst", ".adoc", ".html", ".txt", ".htm", ".tex", ".org", ".markdown"};
  // Where a bare word behind a name is a name too, or a type.
  static constexpr std::array<std::string_view, 36> kPrograms{
      ".ts",     ".tsx",    ".mts",   ".cts", ".js",  ".jsx", ".mjs",  ".cjs",   ".vue",
      ".svelte", ".py",     ".pyi",   ".pyc", ".rb",  ".go",  ".java", ".kt",    ".kts",
      ".groovy", ".gradle", ".scala", ".rs",  ".cs",  ".fs",  ".php",  ".swift", ".dart",
      ".c",      ".h",      ".cc",    ".cpp", ".hpp", ".ex",  ".lua",  ".tf",    ".hcl"};
  const std::string name = lower_ascii(file_name(path));
  if (found.bare && ends_with_any(name, kPrograms)) return false;
  return !ends_with_any(name, kDocuments);
}

}  // namespace rta::files
