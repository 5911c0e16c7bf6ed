// What the certificate and key collectors share: which files of the project
// may hold certificates or keys, who names them, and what their bytes are.
#pragma once

#include <redis_tls_audit/evidence.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "collect/collector.h"

namespace rta {

// path -> who names it; found_in_tree for files that nothing names. Paths are
// relative to the project, absolute outside it. Placeholders are left out.
using ReferencedFiles = std::map<std::string, std::vector<FileReference>>;
ReferencedFiles files_to_read(const ProjectFiles& files, const Evidence& evidence);

bool is_certificate_use(FileUse use);
bool is_key_use(FileUse use);
// Somebody names the file as a certificate (a key).
bool is_named_as(const std::vector<FileReference>& references, bool (*use)(FileUse));

// The bytes could be a certificate or a key: PEM, DER or a keystore.
bool may_hold_key_material(ByteView bytes);

// Reads every file of `paths`, the bytes wiped afterwards. Files that nothing
// names are skipped when they are large, unreadable or hold nothing of it.
void read_each(const CollectContext& context, const ReferencedFiles& paths,
               const std::function<void(const std::string&, const std::vector<FileReference>&,
                                        const Observation<OpenedFile>&)>& take);

// A file's bytes as certificates; problems in words.
CertificateFile read_certificates(ByteView bytes);
// Every private key in a file's bytes; file and references are left empty.
std::vector<KeyFile> read_keys(ByteView bytes);

}  // namespace rta
