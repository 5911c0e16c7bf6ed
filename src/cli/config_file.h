// The configuration that an operator names with --config (TOML). It may widen
// the scope, name trust anchors and credentials; therefore a copy inside the
// audited tree is never read by itself.
#pragma once

#include <redis_tls_audit/result.h>

#include <string>

#include "cli/settings.h"

namespace rta {

enum class ConfigTrust {
  operators_own,
  // A pull request may have written it: what would widen the scope, or name
  // anchors, attestations or targets, is noted in settings and not obeyed.
  in_judged_tree,
};

// Adds what the file says to `settings`; flags that come later win.
Result<void> read_config_file(const std::string& path, ConfigTrust trust, Settings& settings);

// The file lies in this directory or below it, links followed.
bool lies_in(const std::string& file, const std::string& directory);

// Letters, digits, '-' and '_' in labels of at most 63, 253 in all.
bool is_host_name(std::string_view name);

// "redis:6379", "[::1]:6379", "rediss://host:6380"; a bare host means port
// 6379. A user or password in it is refused: the command line is public.
Result<HostPort> parse_target(const std::string& text);

// Reads a secret from a file that only its owner should read, or from an open
// descriptor: one line, its end removed.
Result<Secret> read_secret_file(const std::string& path);
Result<Secret> read_secret_fd(int fd);

}  // namespace rta
