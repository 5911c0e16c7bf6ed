#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/compose.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.1"sv, "nist.AC-6"sv, "nist.SC-12.3"sv, "pci.3.6.1.3"sv,
                               "pci.7.2.5"sv};

bool names_key_material(std::string_view path) {
  const std::string lower = lower_ascii(path);
  for (const std::string_view word :
       {"cert", "tls", "ssl", "pki", ".pem", ".crt", ".key", "secret"})
    if (lower.find(word) != std::string::npos) return true;
  return false;
}

bool is_below(const std::string& path, const std::string& directory) {
  return path == directory || path.starts_with(directory + "/") || directory == ".";
}

// Certificates that were seen inside the mount.
std::size_t certificates_in(const Evidence& evidence, const Mount& mount) {
  std::size_t count = 0;
  for (const auto& file : evidence.certificate_files)
    if (file.has_value() && is_below(file->file.path, mount.source)) ++count;
  return count;
}

bool looks_like_file(std::string_view path) {
  return path.substr(path.rfind('/') + 1).find('.', 1) != std::string_view::npos;
}

std::string first_of(const std::vector<std::string>& paths) {
  return paths.size() == 1 ? paths.front()
                           : fmt::format("{} and {} more", paths.front(), paths.size() - 1);
}

// The client key of this very service: an application that proves its own
// identity needs it, and nothing else is served with it.
bool is_own_client_key(const Evidence& evidence, const ComposeService& service,
                       const std::string& path) {
  for (const Observation<KeyFile>& key : evidence.key_files) {
    if (!key.has_value() || key->file.path != path) continue;
    bool own = false;
    for (const FileReference& reference : key->references) {
      if (reference.use == FileUse::server_key) return false;
      own = own || (reference.use == FileUse::consumer_key &&
                    reference.by.starts_with(service.name + "@"));
    }
    return own;
  }
  return false;
}

// Keys in the mount that are not the service's own.
std::vector<std::string> foreign_keys(const Evidence& evidence, const ComposeService& service,
                                      const Mount& mount) {
  std::vector<std::string> foreign;
  for (const std::string& path : mount.private_keys)
    if (!is_own_client_key(evidence, service, path)) foreign.push_back(path);
  return foreign;
}

enum class Named { nothing, own_client_key, server_key, somebodys_key, other };

// A key is known by who names it even where a checkout does not hold it.
Named named_as(const Evidence& evidence, const ComposeService& service, const std::string& path) {
  Named found = Named::nothing;
  for (const NamedFile& named : evidence.named_files) {
    if (named.path != path) continue;
    const bool own = named.reference.by.starts_with(service.name + "@");
    switch (named.reference.use) {
      case FileUse::server_key:
        return Named::server_key;
      case FileUse::consumer_key:
      case FileUse::client_key:
        found = own ? Named::own_client_key : Named::somebodys_key;
        break;
      default:
        if (found == Named::nothing) found = Named::other;
    }
  }
  return found;
}

bool is_named_key(const Evidence& evidence, const ComposeService& service,
                  const std::string& path) {
  const Named named = named_as(evidence, service, path);
  return named == Named::server_key || named == Named::own_client_key ||
         named == Named::somebodys_key;
}

bool is_ca_key_name(std::string_view path) {
  const std::string name = lower_ascii(path.substr(path.rfind('/') + 1));
  const bool key = name.ends_with(".key") || name.find("key") != std::string::npos;
  return key && (name.starts_with("ca-") || name.starts_with("ca.") || name.starts_with("ca_") ||
                 name.find("-ca") != std::string::npos || name.find("_ca") != std::string::npos ||
                 name.find("rootca") != std::string::npos);
}

bool looks_like_key(std::string_view path) {
  const std::string name = lower_ascii(path.substr(path.rfind('/') + 1));
  return name.ends_with(".key") || name.find("-key.") != std::string::npos ||
         name.find("_key.") != std::string::npos || name.find(".key.") != std::string::npos;
}

// One file that a checkout does not hold: judged by its name and by who names it.
void judge_left_out_file(const Evidence& evidence, const Subject& subject,
                         const ComposeService& service, const Mount& mount, Findings& findings) {
  const std::string what =
      fmt::format("{} (mounted at {})", printable(mount.source, 200), printable(mount.target, 200));
  const Named named = named_as(evidence, service, mount.source);
  const auto detail = [&](Findings::Entry entry) {
    entry.expected("only the files this service needs, one by one and read-only")
        .observed("by its name: the checkout does not hold it")
        .variant(mount.target)
        .from(compose_provenance(mount.location, "volumes"));
  };
  const bool key = is_named_key(evidence, service, mount.source) || looks_like_key(mount.source);
  if (is_ca_key_name(mount.source) && named != Named::server_key)
    detail(findings.fail(subject, what + " is by its name the private key of a CA"));
  else if (!service.is_redis && named == Named::server_key)
    detail(findings.fail(subject, what + " is the server's private key"));
  else if (!service.is_redis && named == Named::somebodys_key)
    detail(findings.fail(subject, what + " is the private key of another service"));
  else if (key && !service.is_redis && named != Named::own_client_key)
    detail(findings.warn(
        subject, what + " is by its name a private key, and none of this service's settings names it"));
  else if (key && !mount.read_only)
    detail(findings.fail(subject, what + " is a private key and can be written by the service"));
  else if (is_named_key(evidence, service, mount.source))
    detail(findings.pass(
        subject, what + " is a private key, given alone and read-only to the service that uses it"));
  else if (key)
    detail(findings.unknown(
        subject, what + " is by its name a private key, and nothing here says whose",
        GapReason::left_out));
  else if (named == Named::other)
    detail(findings.not_applicable(
        subject, what + " is one file that is named as a certificate: no key comes with it"));
  else
    detail(findings.unknown(subject,
                            what + " is one file that nothing here names; a name does not tell "
                                   "whether it holds a private key",
                            GapReason::left_out));
}

// A key that something names below the mount and that nobody saw.
std::optional<std::string> unseen_key_below(const Evidence& evidence, const Mount& mount) {
  for (const NamedFile& named : evidence.named_files) {
    const FileUse use = named.reference.use;
    const bool is_key = use == FileUse::server_key || use == FileUse::client_key ||
                        use == FileUse::consumer_key;
    if (is_key && !named.file.has_value() && is_below(named.path, mount.source)) return named.path;
  }
  return std::nullopt;
}

// Nothing here could be protected or left unprotected: no pass for keys.
void say_no_key(const Evidence& evidence, const Subject& subject, const Mount& mount,
                const std::string& what, Findings& findings) {
  const Provenance from = compose_provenance(mount.location, "volumes");
  if (const auto unseen = unseen_key_below(evidence, mount)) {
    findings
        .unknown(subject,
                 fmt::format("{} is where the key {} belongs, which was not seen", what,
                             printable(*unseen, 200)),
                 evidence.scope.ci ? GapReason::left_out : GapReason::not_found)
        .variant(mount.target)
        .from(from);
    return;
  }
  const std::size_t certificates = certificates_in(evidence, mount);
  findings
      .not_applicable(subject, fmt::format("{} gives no private key{}", what,
                                           certificates == 0
                                               ? std::string{}
                                               : ", only " + counted(certificates, "certificate file",
                                                                     "certificate files")))
      .variant(mount.target)
      .from(from);
}

void judge_mount(const Evidence& evidence, const Subject& subject, const ComposeService& service,
                 const Mount& mount, Findings& findings) {
  const std::string what =
      fmt::format("{} (mounted at {})", printable(mount.source, 200), printable(mount.target, 200));
  const Provenance from = compose_provenance(mount.location, "volumes");
  const std::string right = "only the files this service needs, one by one and read-only";
  const std::vector<std::string> foreign = foreign_keys(evidence, service, mount);
  if (mount.left_out && !mount.is_directory && looks_like_file(mount.source))
    return judge_left_out_file(evidence, subject, service, mount, findings);
  if (mount.left_out) {
    findings
        .unknown(subject, fmt::format("what {} holds was not seen: {}", what, *mount.left_out),
                 GapReason::left_out)
        .variant(mount.target)
        .from(from);
    if (!service.is_redis)
      findings.warn(subject, what + " is a whole directory where one CA file would do")
          .expected(right)
          .observed("a directory")
          .variant(mount.target + " directory")
          .from(from);
    return;
  }
  if (!mount.ca_private_keys.empty()) {
    findings
        .fail(
            subject,
            fmt::format("{} holds the private key of a CA, {}: this service can issue certificates",
                        what, printable(first_of(mount.ca_private_keys), 300)))
        .expected(right)
        .observed(mount.ca_private_keys.front())
        .variant(mount.target)
        .from(from);
  } else if (!foreign.empty() && !service.is_redis) {
    findings
        .fail(subject, fmt::format("{} gives an application the private key {}", what,
                                   printable(first_of(foreign), 300)))
        .expected(right)
        .observed(foreign.front())
        .variant(mount.target)
        .from(from);
  } else if (!mount.private_keys.empty() && !mount.read_only) {
    findings.fail(subject, what + " holds a private key and can be written by the service")
        .expected(right)
        .observed("no :ro")
        .variant(mount.target)
        .from(from);
  } else if (mount.private_keys.empty() && certificates_in(evidence, mount) == 0 &&
             !mount.is_directory &&
             (mount.source.starts_with('/') || mount.source.starts_with('~') ||
              !looks_like_file(mount.source))) {
    findings
        .unknown(subject, what + " is not in the project, so what it holds was not seen",
                 GapReason::not_found)
        .variant(mount.target)
        .from(from);
  } else if (mount.is_directory && !service.is_redis) {
    findings.warn(subject, what + " is a whole directory where one CA file would do")
        .expected(right)
        .observed("a directory")
        .variant(mount.target)
        .from(from);
  } else if (mount.private_keys.empty() && !mount.is_directory &&
             is_named_key(evidence, service, mount.source)) {
    judge_left_out_file(evidence, subject, service, mount, findings);
  } else if (mount.private_keys.empty()) {
    say_no_key(evidence, subject, mount, what, findings);
  } else {
    findings
        .pass(subject, fmt::format("{} gives {} read-only to the service that uses it", what,
                                   printable(first_of(mount.private_keys), 300)))
        .expected(right)
        .variant(mount.target)
        .from(from);
  }
}

// Compose hands the file, or a folder around it, to a service by its own mount.
bool is_handed_by_name(const ComposeProject& project, const std::string& path) {
  return std::ranges::any_of(project.services, [&](const ComposeService& service) {
    return std::ranges::any_of(service.mounts, [&](const Mount& mount) {
      return mount.source != "." && !mount.source.empty() && is_below(path, mount.source);
    });
  });
}

// Another mount lies over what this one shows of the path.
bool is_hidden(const ComposeService& service, const Mount& mount, const std::string& path) {
  const std::string rest = mount.source == "." ? path : path.substr(mount.source.size() + 1);
  const std::string inside = mount.target + "/" + rest;
  return std::ranges::any_of(service.mounts, [&](const Mount& other) {
    return other.target.size() > mount.target.size() && is_below(inside, other.target);
  });
}

// The key of another service where compose says that it lies: in a folder that
// is mounted for something else, such as the whole project.
std::optional<std::string> key_of_others_below(const Evidence& evidence,
                                               const ComposeProject& project,
                                               const ComposeService& service, const Mount& mount) {
  if (service.is_redis) return std::nullopt;
  for (const NamedFile& named : evidence.named_files) {
    const bool is_inside = !named.path.starts_with('/') && !named.path.starts_with("..") &&
                           named.path != mount.source && is_below(named.path, mount.source);
    if (!is_inside || named.placeholder || !is_handed_by_name(project, named.path)) continue;
    const Named as = named_as(evidence, service, named.path);
    if ((as == Named::server_key || as == Named::somebodys_key) &&
        !is_hidden(service, mount, named.path))
      return named.path;
  }
  return std::nullopt;
}

void judge_wide_mount(const Subject& subject, const Mount& mount, const std::string& key,
                      Findings& findings) {
  findings
      .fail(subject, fmt::format("{} (mounted at {}) gives an application the private key {}, which "
                                 "compose takes from there",
                                 printable(mount.source, 200), printable(mount.target, 200),
                                 printable(key, 200)))
      .expected("only the files this service needs, one by one and read-only")
      .observed(key)
      .variant(mount.target)
      .from(compose_provenance(mount.location, "volumes"));
}

// Who has the image has what is in it, whatever its mode.
void judge_copies(const Evidence& evidence, const Subject& subject, const ComposeService& service,
                  Findings& findings) {
  for (const ImageCopy& copy : service.copies)
    if (!copy.source.empty() && is_named_key(evidence, service, copy.source))
      findings
          .fail(subject, fmt::format("{} is a private key and is copied into the image, as {}: who "
                                     "has the image has the key",
                                     printable(copy.source, 200), printable(copy.target, 200)))
          .expected("the key mounted, as one file and read-only")
          .observed("a copy in the image")
          .variant("image " + copy.target)
          .from(compose_provenance(service.location, "build"));
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const ComposeProject* project = compose_or_say(evidence, findings);
  if (project == nullptr) return;
  for (const ComposeService& service : project->services) {
    const Subject subject = service_subject(*project, service);
    judge_copies(evidence, subject, service, findings);
    for (const Mount& mount : service.mounts) {
      if (mount.type == "volume" || mount.type == "tmpfs" || mount.source.empty()) continue;
      const bool holds_keys = !mount.private_keys.empty() || !mount.ca_private_keys.empty();
      if (holds_keys || names_key_material(mount.source) || names_key_material(mount.target))
        judge_mount(evidence, subject, service, mount, findings);
      else if (const auto key = key_of_others_below(evidence, *project, service, mount))
        judge_wide_mount(subject, mount, *key, findings);
    }
  }
  if (findings.empty())
    findings.not_applicable(Subject::deployment(),
                            "no compose service mounts certificates or keys");
}

}  // namespace

extern const Check compose_least_privilege_mounts;
constexpr Check compose_least_privilege_mounts{
    .info = {.code = "RTA-DOCK-003",
             .title = "Mounts give each service only the key material it needs",
             .core = {8},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files},
             .controls = kControls,
             .remediation = "./certs/redis/ca-cert.pem:/certs/redis/ca-cert.pem:ro"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
