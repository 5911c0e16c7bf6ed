#include "cli/operator_files.h"

#include <sys/stat.h>

#include "base/text.h"
#include "cli/config_file.h"
#include "collect/anchors.h"
#include "collect/live/endpoint_network.h"
#include "net/address.h"

namespace rta {
namespace {

Result<void> check_target(const TargetSettings& target) {
  if (!target.user.empty() && !target.password)
    return Error{"a user was given without a password", printable(target.user, 80),
                 "add --password-file FILE, or password_file in the configuration"};
  if (target.certificate_file.empty() != target.key_file.empty())
    return Error{"--cert and --key belong together", "", "give both"};
  if (!target.server_name.empty() && !is_host_name(target.server_name) &&
      !net::is_numeric_ip(target.server_name))
    return Error{"--sni: this is not a host name", printable(target.server_name, 80), ""};
  const Result<net::TlsParameters> parameters = with_credentials({}, target);
  if (!parameters) return parameters.error();
  if (Result<void> usable = net::check_client_certificate(*parameters); !usable) {
    Error error = usable.error();
    error.where = printable(target.certificate_file) + ", " + printable(target.key_file);
    return error;
  }
  return {};
}

Result<void> check_directory(const std::string& directory) {
  struct stat facts{};
  if (::stat(directory.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode)) return {};
  return Error{"--allow-path: is not a directory that can be read", printable(directory), ""};
}

}  // namespace

Result<void> check_operator_files(const ScanSettings& scan) {
  for (const TargetSettings& target : scan.targets)
    if (auto usable = check_target(target); !usable) return usable;
  for (const std::string& anchor : scan.anchors)
    if (const Result<Anchor> read = read_anchor(anchor); !read)
      return Error{read.error()}.while_doing("--anchor");
  for (const std::string& directory : scan.allow_paths)
    if (auto usable = check_directory(directory); !usable) return usable;
  return {};
}

}  // namespace rta
