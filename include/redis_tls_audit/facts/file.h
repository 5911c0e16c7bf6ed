// Certificate and key files of the project, judged on the descriptor that was
// read (mode, owner and bytes belong together).
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/observation.h>

#include <cstdint>
#include <string>
#include <vector>

namespace rta {

// One directory on the way to a file, project root first; modes are 07777 bits.
struct DirectoryFacts {
  std::string path;
  std::uint32_t mode = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
};

struct FileFacts {
  std::string path;             // relative to the project with '/', absolute outside it
  std::uint32_t mode = 0;       // 07777 bits, of the target when it is a link
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::string owner;            // name of the uid, empty when the system has none
  bool owner_can_log_in = false;   // has a shell, is neither root nor a service account
  std::uint64_t size_bytes = 0;
  std::int64_t modified = 0;    // seconds since the epoch
  std::vector<std::string> links;  // chain of symbolic links that was followed
  std::vector<DirectoryFacts> directories;
  bool has_acl = false;         // POSIX ACL grants beyond the mode
  std::string file_system;      // "ext4", "vfat": decides whether modes mean anything
};

// Where a file is named, and as what.
enum class FileUse {
  server_certificate, server_key, server_ca, client_certificate, client_key, dh_parameters,
  consumer_ca, consumer_certificate, consumer_key, mounted, found_in_tree
};

template <>
struct EnumNames<FileUse> {
  static constexpr std::array table{
      EnumName<FileUse>{FileUse::server_certificate, "server_certificate"},
      EnumName<FileUse>{FileUse::server_key, "server_key"},
      EnumName<FileUse>{FileUse::server_ca, "server_ca"},
      EnumName<FileUse>{FileUse::client_certificate, "client_certificate"},
      EnumName<FileUse>{FileUse::client_key, "client_key"},
      EnumName<FileUse>{FileUse::dh_parameters, "dh_parameters"},
      EnumName<FileUse>{FileUse::consumer_ca, "consumer_ca"},
      EnumName<FileUse>{FileUse::consumer_certificate, "consumer_certificate"},
      EnumName<FileUse>{FileUse::consumer_key, "consumer_key"},
      EnumName<FileUse>{FileUse::mounted, "mounted"},
      EnumName<FileUse>{FileUse::found_in_tree, "found_in_tree"}};
};

struct FileReference {
  FileUse use = FileUse::found_in_tree;
  SourceLocation named_at;
  std::string by;               // consumer key, "redis.conf", compose service
};

// A file that was referenced as, or found to be, a certificate file.
struct CertificateFile {
  FileFacts file;
  std::vector<Bytes> certificates;      // DER, in file order
  std::vector<std::string> other_blocks;   // PEM labels beside CERTIFICATE: "PRIVATE KEY"
  std::vector<std::string> problems;    // "block 2: not a certificate"
  bool is_pem = true;
  std::vector<FileReference> references;
};

// A file that holds a private key, whatever its name. No key byte is kept.
struct KeyFile {
  FileFacts file;
  std::string kind;             // "RSA", "EC", "ED25519", "PKCS12", "unknown"
  int bits = 0;
  bool encrypted = false;       // needs a passphrase: public half not known
  std::string spki_sha256;      // of the public half, lower-case hex, empty when encrypted
  std::vector<FileReference> references;
};

// A path that something names, whether or not it exists.
struct NamedFile {
  std::string declared;         // as written
  std::string path;             // mapped into the project (compose mounts), or as declared
  FileReference reference;
  bool placeholder = false;     // "/path/to", "/absolute/path/to"
  Observation<FileFacts> file;  // Gap when missing, outside or unreadable
};

}  // namespace rta
