#include "collect/key_material.h"

#include <fmt/format.h>
#include <redis_tls_audit/limits.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/wipe.h"
#include "files/keys/key_material.h"
#include "x509/certificate.h"
#include "x509/key.h"
#include "x509/pem.h"

namespace rta {
namespace {

// Of files that nothing names, together.
constexpr std::uint64_t kSearchedBytes = 256 * limits::kMiB;

bool is_below(std::string_view path, std::string_view directory) {
  return directory == "." || path == directory ||
         (path.starts_with(directory) && path.size() > directory.size() &&
          path[directory.size()] == '/');
}

void add_below(const ProjectFiles& files, const std::string& place, const FileReference& reference,
               ReferencedFiles& all) {
  if (!files.is_directory(place)) {
    all[place].push_back(reference);
    return;
  }
  for (const TreeEntry& entry : files.listing().entries)
    if (is_below(entry.path, place)) all[entry.path].push_back(reference);
}

bool names_key_material(const FileReference& reference) {
  return is_certificate_use(reference.use) || is_key_use(reference.use);
}

// PKCS#12 PFX: SEQUENCE { INTEGER 3, ... }; a Java keystore begins with FEEDFEED.
bool is_pkcs12(ByteView bytes) {
  if (bytes.size() < 16 || bytes[0] != 0x30) return false;
  const std::size_t header = bytes[1] < 0x80 ? 2 : 2U + (bytes[1] & 0x7FU);
  constexpr std::array<std::uint8_t, 3> kVersion3{0x02, 0x01, 0x03};
  return header + 3 < bytes.size() && std::ranges::equal(bytes.subspan(header, 3), kVersion3);
}

bool is_java_keystore(ByteView bytes) {
  constexpr std::array<std::uint8_t, 4> kMagic{0xFE, 0xED, 0xFE, 0xED};
  return bytes.size() > 12 && std::ranges::equal(bytes.first(4), kMagic);
}

void read_certificate_block(const x509::PemBlock& block, std::size_t number,
                            CertificateFile& file) {
  if (!x509::is_certificate_label(block.label)) {
    file.other_blocks.push_back(printable(block.label, 64));
    return;
  }
  if (!block.problem.empty()) {
    file.problems.push_back(
        fmt::format("block {} (line {}): {}", number, block.line, block.problem));
    return;
  }
  // A TRUSTED CERTIFICATE has OpenSSL's own data behind the certificate.
  if (const Result<x509::Certificate> read = x509::parse_certificate(block.der); !read) {
    file.problems.push_back(
        fmt::format("block {} (line {}): {}", number, block.line, read.error().what));
    return;
  }
  file.certificates.push_back(block.der);
}

KeyFile describe_key(ByteView der) {
  KeyFile key;
  key.kind = "unknown";
  if (const Result<x509::PrivateKey> read = x509::PrivateKey::from_der(der)) {
    key.kind = read->kind();
    key.bits = read->bits();
    key.spki_sha256 = read->spki_sha256();
  }
  return key;
}

}  // namespace

bool is_certificate_use(FileUse use) {
  return use == FileUse::server_certificate || use == FileUse::server_ca ||
         use == FileUse::client_certificate || use == FileUse::consumer_ca ||
         use == FileUse::consumer_certificate;
}

bool is_key_use(FileUse use) {
  return use == FileUse::server_key || use == FileUse::client_key || use == FileUse::consumer_key;
}

bool is_named_as(const std::vector<FileReference>& references, bool (*use)(FileUse)) {
  return std::ranges::any_of(references, use, &FileReference::use);
}

ReferencedFiles files_to_read(const ProjectFiles& files, const Evidence& evidence) {
  ReferencedFiles all;
  for (const NamedFile& named : evidence.named_files)
    if (!named.placeholder && !named.path.empty() && names_key_material(named.reference))
      add_below(files, files.relative(named.path), named.reference, all);
  if (const ComposeProject* compose = evidence.compose.value()) {
    for (const ComposeService& service : compose->services)
      for (const Mount& mount : service.mounts)
        if (!mount.source.empty() &&
            (mount.type == "bind" || mount.type == "secret" || mount.type == "config"))
          add_below(files, files.relative(mount.source),
                    {FileUse::mounted, mount.location, service.name}, all);
  }
  for (const TreeEntry& entry : files.listing().entries)
    if (entry.is_regular && !all.contains(entry.path))
      all[entry.path].push_back({FileUse::found_in_tree, {entry.path, 0, 0}, {}});
  return all;
}

bool may_hold_key_material(ByteView bytes) {
  return as_text(bytes).contains("-----BEGIN ") || is_pkcs12(bytes) || is_java_keystore(bytes) ||
         (bytes.size() > 64 && bytes[0] == 0x30);
}

void read_each(const CollectContext& context, const ReferencedFiles& paths,
               const std::function<void(const std::string&, const std::vector<FileReference>&,
                                        const Observation<OpenedFile>&)>& take) {
  std::uint64_t searched = 0;
  for (const auto& [path, references] : paths) {
    const bool is_named = std::ranges::any_of(references, names_key_material);
    if (!is_named && searched > kSearchedBytes) continue;
    Observation<OpenedFile> opened =
        context.files->read(path, is_named ? limits::kCertificateBundle : limits::kKeyFile);
    if (opened.has_value()) searched += opened->bytes.size();
    if (is_named || (opened.has_value() && may_hold_key_material(opened->bytes)))
      take(path, references, opened);
    if (OpenedFile* file = opened.value()) wipe(file->bytes);
  }
}

CertificateFile read_certificates(ByteView bytes) {
  CertificateFile file;
  x509::PemText text = x509::parse_pem(bytes);
  for (std::size_t i = 0; i < text.blocks.size(); ++i) {
    read_certificate_block(text.blocks[i], i + 1, file);
    wipe(text.blocks[i].der);
  }
  if (text.is_cut) file.problems.emplace_back("more blocks than are read");
  if (!text.blocks.empty()) return file;
  if (x509::parse_certificate(bytes)) {
    file.is_pem = false;
    file.certificates.emplace_back(bytes.begin(), bytes.end());
  } else if (is_pkcs12(bytes)) {
    file.is_pem = false;
    file.other_blocks.emplace_back("PKCS12");
  } else {
    const std::string start =
        lower_ascii(trim(as_text(bytes.first(std::min<std::size_t>(bytes.size(), 64)))));
    file.problems.emplace_back(bytes.empty() ? "the file is empty"
                               : start.starts_with("<")
                                   ? "the file is a web page, not a certificate"
                                   : "the file holds no certificate");
  }
  return file;
}

// A marker in a document, with "..." for a body, is no key; one whose body is
// damaged probably is.
bool holds_body(const x509::PemBlock& block, ByteView bytes) {
  constexpr std::size_t kShortestKey = 32;
  if (block.der.size() >= kShortestKey) return true;
  return std::ranges::any_of(files::find_material(bytes), [&](const files::FoundMaterial& found) {
    return files::is_key(found.material) && found.line == block.line;
  });
}

std::vector<KeyFile> read_keys(ByteView bytes) {
  std::vector<KeyFile> keys;
  x509::PemText text = x509::parse_pem(bytes);
  for (x509::PemBlock& block : text.blocks) {
    if (x509::is_private_key_label(block.label) && holds_body(block, bytes)) {
      KeyFile& key = keys.emplace_back(block.encrypted ? KeyFile{} : describe_key(block.der));
      key.encrypted = block.encrypted;
      if (block.encrypted)
        key.kind = block.label.starts_with("RSA")  ? "RSA"
                   : block.label.starts_with("EC") ? "EC"
                                                   : "unknown";
    }
    wipe(block.der);
  }
  if (!text.blocks.empty()) return keys;
  if (is_pkcs12(bytes) || is_java_keystore(bytes)) {
    KeyFile& key = keys.emplace_back();
    key.kind = is_pkcs12(bytes) ? "PKCS12" : "JKS";
    key.encrypted = true;
  } else if (!bytes.empty() && bytes[0] == 0x30 && x509::PrivateKey::from_der(bytes)) {
    keys.push_back(describe_key(bytes));
  }
  return keys;
}

}  // namespace rta
